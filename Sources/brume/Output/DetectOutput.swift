import Engine

/// What `brume detect` says of a cluster: each key figure, whether it was seen, and where it stands.
struct DetectOutput {
  private let guess: ClusterGuess

  /// The words on a detected cluster.
  init(_ guess: ClusterGuess) { self.guess = guess }

  /// For people: a table of the key figures, then what they should know.
  var lines: [String] {
    let cluster = guess.cluster
    var table = TextTable([("", .left), ("", .right), ("", .left), ("", .left)])
    for row in rows {
      table.add([row.title, row.text(row.figure.value), row.figure.provenance.rawValue, Self.short(row.figure.source)])
    }
    var lines = ["\(cluster.label): \(cluster.nodeType.title); the rest as \(guess.base.name)"]
    lines += table.lines(indent: 2).drop { $0.isEmpty }
    for warning in guess.warnings {
      let text = TextWrap.lines(warning.description, width: 108)
      lines += text.enumerated().map { ($0 == 0 ? "note: " : "      ") + $1 }
    }
    return lines
  }

  /// For scripts.
  var value: JSONValue {
    let node = guess.cluster.nodeType
    var figures: [JSONMember] = rows.filter { $0.key != "memoryBytes" }.map { JSONMember($0.key, .figure($0.figure)) }
    figures.append(JSONMember("dollarsPerGPUHour", node.dollarsPerGPUHour.map { .figure($0) } ?? .null))
    let gpu: JSONValue = [
      "from": .string(guess.base.gpu.name), "name": .string(node.gpu.name), "title": .string(node.gpu.title),
      "memoryBytes": .figure(node.gpu.memoryBytes), "peakFlops": .figure(node.gpu.peakFlops),
      "memoryBandwidth": .figure(node.gpu.memoryBandwidth),
    ]
    let type: [JSONMember] = [
      JSONMember("from", .string(guess.base.name)), JSONMember("name", .string(node.name)),
      JSONMember("title", .string(node.title)), JSONMember("gpu", gpu),
    ]
    return [
      "format": "brume/1",
      "cluster": [
        "nodes": .int(guess.cluster.nodes), "gpusPerNode": .int(guess.cluster.gpusPerNode),
        "node": .object(type + figures),
      ],
      "warnings": .strings(guess.warnings.map(\.description)),
    ]
  }

  /// A key figure with how people read it.
  private struct Row {
    var key: String
    var title: String
    var figure: Figure
    var text: (Double) -> String
  }

  private var rows: [Row] {
    let node = guess.cluster.nodeType
    let rate = { (value: Double) in "\(Decimals.significant(value / 1e9, 4)) GB/s" }
    return [
      Row(key: "memoryBytes", title: "GPU memory", figure: node.gpu.memoryBytes) { "\(Decimals.gibibytes($0)) GiB" },
      Row(key: "hostMemoryBytes", title: "host memory", figure: node.hostMemoryBytes) {
        "\(Decimals.gibibytes($0, 0)) GiB"
      },
      Row(
        key: "insideBytesPerSecond", title: "inside a node", figure: node.links.insideBytesPerSecond, text: rate),
      Row(
        key: "fabricBytesPerSecond", title: "between nodes", figure: node.links.fabricBytesPerSecond, text: rate),
      Row(key: "collectiveShare", title: "share of collectives", figure: node.links.collectiveShare) {
        Decimals.fixed($0, 2)
      },
    ]
  }

  /// A source on one line of a terminal.
  private static func short(_ source: String) -> String {
    source.count > 70 ? source.prefix(67) + "..." : source
  }
}
