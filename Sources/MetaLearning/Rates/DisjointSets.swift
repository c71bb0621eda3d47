/// Sets that are united, two elements at a time.
struct DisjointSets {
  private var parents: [Int]

  /// So many elements, of which those are in one set that stand beside equal labels.
  init(_ count: Int, joining elements: [Int], alikeIn labels: [Int]) {
    parents = Array(0..<count)
    var first: [Int: Int] = [:]
    for (element, label) in zip(elements, labels) {
      if let known = first[label] { unite(element, known) } else { first[label] = element }
    }
  }

  private mutating func root(_ element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  private mutating func unite(_ one: Int, _ other: Int) { parents[root(one)] = root(other) }

  /// The number of each element's set, counted from 0 in the order of their first elements.
  var sets: [Int] {
    var (copy, numbers): (DisjointSets, [Int: Int]) = (self, [:])
    return parents.indices.map { element in
      let root = copy.root(element)
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      return number
    }
  }
}
