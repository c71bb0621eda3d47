import Arms
import Configurations

extension AblationPlan {
  /// What tables call the arms: what their choices call themselves, and what tells those apart that
  /// call themselves alike.
  func names(_ cells: [[AblationCell?]]) -> [String] {
    let own = arms.indices.map { index in
      arms[index].displayName(
        cells.lazy.compactMap { $0[index]?.name }.first ?? type(of: arms[index].arm).word)
    }
    let told = arms.indices.map { index in
      let arm = arms[index]
      let others = arm.changes.filter { change in !arm.levels.contains(change) }
      guard arm.name == nil, !others.isEmpty, own.count(where: { $0 == own[index] }) > 1 else {
        return own[index]
      }
      return "\(own[index]) (\(others.text))"
    }
    return arms.indices.map { index in
      let before = told[..<index].count { $0 == told[index] }
      return before == 0 ? told[index] : "\(told[index]) #\(before + 1)"
    }
  }
}

extension ComparedArm {
  /// What tables call the arm, from what its choice calls itself.
  func displayName(_ own: String) -> String {
    let name = name ?? own
    return levels.isEmpty ? name : "\(name) (\(levels.shortText))"
  }
}
