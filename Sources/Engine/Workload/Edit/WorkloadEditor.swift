import Foundation

/// Changes one choice of a workload, by the rules of workload files.
///
/// `try WorkloadEditor(workload).setting(.batch, to: "1024")`
public struct WorkloadEditor: Sendable {
  /// The workload.
  public let workload: Workload

  /// An editor.
  public init(_ workload: Workload) { self.workload = workload }

  /// The workload with another value, as a person types it.
  ///
  /// A kind of node alone keeps the number of nodes, and the GPUs of each as far as it has as many; `64x8xh100` sets all
  /// three. Throws what the reader of files says of such a value; the place is the knob's title.
  public func setting(_ knob: WorkloadKnob, to text: String) throws(InputError) -> Workload {
    let typed = text.trimmingCharacters(in: .whitespaces)
    let place = InputPlace(file: knob.title)
    let plain = ConfigNode(place: place, content: .scalar(typed, quoted: false))
    guard !plain.isNull else {
      throw .value(at: place, found: typed.isEmpty ? "nothing" : "'\(typed)'", expected: knob.expected)
    }
    switch knob {
    case .cluster: return try settingCluster(typed, at: place)
    case .launcher: return try settingLauncher(plain)
    case .batch where typed.hasPrefix("["):
      return try reading(knob, try ConfigNode.overrideValue(typed, place: place, field: ""))
    case .memoryShare where typed.hasSuffix("%"): return try settingPercent(plain)
    case .nodes, .gpusPerNode, .sequence, .batch, .precision, .attention, .memoryShare:
      return try reading(knob, plain)
    }
  }

  /// The workload read again with one node of its file replaced.
  private func reading(_ knob: WorkloadKnob, _ node: ConfigNode) throws(InputError) -> Workload {
    let root = try WorkloadWriter.node(of: workload).setting(knob.path[...], to: node, place: node.place)
    return try WorkloadSource.workload(root, folder: nil, defaultName: nil)
  }

  private func settingCluster(_ typed: String, at place: InputPlace) throws(InputError) -> Workload {
    let now = workload.cluster
    var changed = workload
    if typed.first?.isNumber == true {
      changed.cluster = try ClusterReader.cluster(spec: typed, at: place, own: now.nodeType)
    } else {
      changed.cluster.nodeType = try ClusterReader.nodeType(named: typed, at: place, own: now.nodeType)
      changed.cluster.gpusPerNode = min(now.gpusPerNode, changed.cluster.nodeType.gpusPerNode)
    }
    return changed
  }

  private func settingLauncher(_ node: ConfigNode) throws(InputError) -> Workload {
    guard node.content != .scalar(WorkloadKnob.noLauncher, quoted: false) else {
      var changed = workload
      changed.run.launcher = nil
      return changed
    }
    return try node.choice(Launcher.self).workload(workload)
  }

  private func settingPercent(_ node: ConfigNode) throws(InputError) -> Workload {
    guard case .scalar(let text, _) = node.content,
      let percent = Quantity.number(text.dropLast().trimmingCharacters(in: .whitespaces)),
      WorkloadSource.memoryShares.contains(percent / 100)
    else { throw node.wrong(WorkloadKnob.memoryShare.expected) }
    let share = ConfigNode.number(percent / 100).content
    return try reading(.memoryShare, ConfigNode(place: node.place, content: share))
  }
}
