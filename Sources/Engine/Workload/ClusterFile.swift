import Foundation

/// A file that describes one cluster, so that workloads can name it: `cluster: mine.yaml` (docs/clusters.md).
///
/// It holds `brume: 1` and `cluster:`, a mapping as in a workload. `brume detect` and `brume calibrate` write such files.
public enum ClusterFile {
  /// Keys of the file.
  static let keys = ["brume", "cluster"]
  /// Files that may stand one behind the other by `from`.
  static let mostFiles = 8

  /// Whether a name is that of a file: it has a folder in it, or ends in `.yaml` or `.yml`.
  public static func isPath(_ name: some StringProtocol) -> Bool {
    name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
  }

  /// The cluster in a file.
  public static func read(_ path: String) throws(InputError) -> Cluster {
    try read(path, at: InputPlace(file: path), folder: nil, files: [])
  }

  /// The cluster in a file that is named at `place`; a relative path starts in `folder` (nil: the current one).
  static func read(
    _ name: String, at place: InputPlace, folder: String?, files: [String]
  ) throws(InputError) -> Cluster {
    var path = name
    // What flags name is relative to where the person is.
    if !name.hasPrefix("/"), let folder, !folder.isEmpty, !place.file.hasPrefix("--") { path = folder + "/" + name }
    guard !files.contains(path), files.count < mostFiles else {
      throw .conflict(
        at: place, problem: "the cluster files name each other", remedy: "end the chain at a node type that ships")
    }
    let text: String
    do { text = try ConfigNode.readText(path) } catch { throw error.named(at: place) }
    let root = try ConfigNode.parse(text, file: path).mapping(keys)
    try root.checkFormat()
    let node = try root.required("cluster", "a mapping with nodes, gpusPerNode and node")
    let inner = PathText.folder(of: path)
    return try ClusterReader.cluster(node, folder: inner.isEmpty ? nil : inner, files: files + [path])
  }

  /// A cluster by value, as it stands in such a file.
  public static func node(of cluster: Cluster) -> ConfigNode { WorkloadWriter.node(of: cluster) }

  /// The text of a file that describes a cluster; reading it gives an equal cluster.
  ///
  /// - Parameters:
  ///   - base: a node type that ships, so that only what differs is written; nil: all by value.
  ///   - comments: lines that stand above it.
  public static func text(of cluster: Cluster, over base: NodeType? = nil, comments: [String] = []) -> String {
    let node = base.map { self.node(of: cluster, over: $0) } ?? WorkloadWriter.node(of: cluster)
    let document = ConfigNode.object([("brume", .number(ConfigNode.formatVersion)), ("cluster", node)])
    return comments.map { "# \(PlainText.line($0))\n" }.joined() + document.yaml()
  }
}
