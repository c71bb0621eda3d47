import Foundation

/// Where a function of a positive number is least between two bounds, and how small it is there.
///
/// A grid that is even on a log scale finds the valley, so that it need not be the only one; golden
/// sections find its ground.
func leastValue(
  from low: Double, to high: Double, of function: (Double) -> Double
) -> (argument: Double, value: Double) {
  let count = 400
  let points = (0...count).map { low * pow(high / low, Double($0) / Double(count)) }
  let values = points.map(function)
  let least = values.indices.min { values[$0] < values[$1] }!
  var (left, right) = (points[max(0, least - 1)], points[min(count, least + 1)])
  let section = (5.0.squareRoot() - 1) / 2
  for _ in 0..<80 {
    let (first, second) = (right - section * (right - left), left + section * (right - left))
    if function(first) < function(second) { right = second } else { left = first }
  }
  let argument = (left + right) / 2
  return (argument, function(argument))
}
