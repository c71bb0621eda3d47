/// The cheapest set of nodes that separates sources from sinks in a directed graph, by maximum flow
/// (Dinic's algorithm: shortest augmenting paths, level by level).
///
/// Every node has a cost; edges cannot be cut. Of several cheapest sets the one nearest the sinks
/// is found.
package struct MinimumCut {
  /// More than any sum of costs.
  private static let unlimited = Int.max / 4

  /// Residual edges, each followed by its reverse: where it leads and what it can still carry.
  private var heads: [Int] = []
  private var capacities: [Int] = []
  private var edges: [[Int]]
  private let count: Int
  private var source: Int { 2 * count }
  private var sink: Int { 2 * count + 1 }

  /// A graph of nodes without edges.
  package init(costs: [Int]) {
    count = costs.count
    edges = [[Int]](repeating: [], count: 2 * count + 2)
    // A node is an edge from its entry 2n to its exit 2n + 1.
    for (node, cost) in costs.enumerated() { connect(2 * node, 2 * node + 1, cost) }
  }

  /// Adds an edge between nodes.
  package mutating func addEdge(from node: Int, to other: Int) {
    connect(2 * node + 1, 2 * other, MinimumCut.unlimited)
  }
  package mutating func addSource(_ node: Int) { connect(source, 2 * node, MinimumCut.unlimited) }
  package mutating func addSink(_ node: Int) { connect(2 * node + 1, sink, MinimumCut.unlimited) }

  private mutating func connect(_ from: Int, _ to: Int, _ capacity: Int) {
    edges[from].append(heads.count)
    heads.append(to)
    capacities.append(capacity)
    edges[to].append(heads.count)
    heads.append(from)
    capacities.append(0)
  }

  /// The nodes of the cut.
  package mutating func solve() -> [Int] {
    while let levels = levels() {
      var next = [Int](repeating: 0, count: edges.count)
      while augment(levels, &next) {}
    }
    let reaching = nodesThatReachSink()
    return (0..<count).filter { !reaching[2 * $0] && reaching[2 * $0 + 1] }
  }

  /// Every node's distance from the source over edges with room; nil where the sink has none.
  private func levels() -> [Int]? {
    var levels = [Int](repeating: -1, count: edges.count)
    levels[source] = 0
    var queue = [source]
    var position = 0
    while position < queue.count {
      let node = queue[position]
      position += 1
      for edge in edges[node] where capacities[edge] > 0 && levels[heads[edge]] < 0 {
        levels[heads[edge]] = levels[node] + 1
        queue.append(heads[edge])
      }
    }
    return levels[sink] < 0 ? nil : levels
  }

  /// Sends flow along one path of rising levels; false where there is none left. `next` remembers
  /// which edges of a node lead nowhere.
  private mutating func augment(_ levels: [Int], _ next: inout [Int]) -> Bool {
    var path: [Int] = []
    var node = source
    while node != sink {
      if next[node] < edges[node].count {
        let edge = edges[node][next[node]]
        if capacities[edge] > 0, levels[heads[edge]] == levels[node] + 1 {
          path.append(edge)
          node = heads[edge]
        } else {
          next[node] += 1
        }
      } else {
        guard let last = path.popLast() else { return false }
        node = heads[last ^ 1]
        next[node] += 1
      }
    }
    let flow = path.map { capacities[$0] }.min()!
    for edge in path {
      capacities[edge] -= flow
      capacities[edge ^ 1] += flow
    }
    return true
  }

  private func nodesThatReachSink() -> [Bool] {
    var reaching = [Bool](repeating: false, count: edges.count)
    reaching[sink] = true
    var stack = [sink]
    while let node = stack.popLast() {
      for edge in edges[node] where capacities[edge ^ 1] > 0 && !reaching[heads[edge]] {
        reaching[heads[edge]] = true
        stack.append(heads[edge])
      }
    }
    return reaching
  }
}
