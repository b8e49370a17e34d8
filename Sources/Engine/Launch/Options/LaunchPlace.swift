/// How many nodes and GPUs a launcher is told, against the cluster that a person names.
struct LaunchPlace: Sendable, Equatable {
  /// A number with where it stands.
  struct Count: Sendable, Equatable {
    /// The number.
    var count: Int
    /// Where it stands.
    var place: InputPlace
  }

  /// Nodes; nil where the files do not say.
  var nodes: Count?
  /// GPUs of each.
  var gpusPerNode: Count?
  /// GPUs of all nodes together.
  var gpus: Count?

  /// The nodes of the cluster that take part: all where the files do not say.
  ///
  /// Throws where the files and the cluster disagree, naming both; whole nodes may stay idle.
  func nodes(of cluster: Cluster, _ context: LaunchContext) throws(InputError) -> Int {
    func conflict(_ found: Count, _ what: String) -> InputError {
      let name = context.cluster.map { "--cluster \($0)" } ?? "the cluster"
      return .conflict(
        at: found.place, problem: "\(found.count) \(what), but \(name) is \(cluster.label)",
        remedy: "change one of them")
    }
    if let gpusPerNode, gpusPerNode.count != cluster.gpusPerNode { throw conflict(gpusPerNode, "GPUs a node") }
    if let nodes, nodes.count > cluster.nodes { throw conflict(nodes, "nodes") }
    guard let gpus else { return nodes?.count ?? cluster.nodes }
    let used = gpus.count / cluster.gpusPerNode
    guard gpus.count == used * cluster.gpusPerNode, (1...cluster.nodes).contains(used) else {
      throw conflict(gpus, "GPUs")
    }
    if let nodes, nodes.count != used { throw conflict(gpus, "GPUs on \(nodes.count) nodes") }
    return used
  }

  /// What a launcher's options say: torchrun's, DeepSpeed's and Accelerate's; ranges and words are not read.
  static func read(_ options: LaunchOptions) -> LaunchPlace {
    func count(_ names: String...) -> Count? {
      for name in names {
        guard let option = options[name], let text = option.values.first?.value, let count = Int(text), count > 0
        else { continue }
        return Count(count: count, place: option.place)
      }
      return nil
    }
    return LaunchPlace(
      nodes: count("nnodes", "num_nodes", "num_machines"),
      gpusPerNode: count("nproc_per_node", "num_gpus"), gpus: count("num_processes"))
  }
}
