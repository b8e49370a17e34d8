import ArgumentParser
import Engine

/// `brume clusters [NAME]`: the kinds of nodes that ship, of which any number makes a cluster; of one, each figure with its
/// origin and source.
struct ClustersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clusters", abstract: "List the kinds of nodes that ship, or tell where the figures of one come from.",
    discussion: """
      A cluster is written NODESxGPUSxNAME: 4x8xl4 is 4 such nodes with 8 GPUs each. With NAME, or the path of a cluster \
      file, every figure comes with its origin and source.
      """)

  @Argument(help: "Tell of this kind of node, or of the one in this cluster file.")
  var name: String?

  @OptionGroup var output: ListOptions

  func run() throws {
    if let name { return try tell(name) }
    var list = ListTable(
      key: "clusters",
      [
        ("name", .left), ("also", .left), ("GPU", .left), ("GPUs", .right), ("inside GB/s", .right),
        ("between GB/s", .right), ("host GiB", .right), ("links", .left), ("title", .left),
      ])
    for node in try Catalogue.nodeTypes {
      let aliases = Catalogue.aliases(of: node.name)
      list.add(
        [
          node.name, aliases.joined(separator: ", "), node.gpu.name, "\(node.gpusPerNode)",
          Decimals.significant(node.links.insideBytesPerSecond.value / 1e9, 3),
          Decimals.significant(node.links.fabricBytesPerSecond.value / 1e9, 3),
          Decimals.gibibytes(node.hostMemoryBytes.value, 0), node.links.measured.isEmpty ? "derived" : "measured",
          node.title,
        ],
        Self.item(node, aliases: aliases))
    }
    output.print(list)
  }

  private func tell(_ name: String) throws {
    let node =
      ClusterFile.isPath(name)
      ? try ClusterFile.read(name).nodeType
      : try Catalogue.nodeType(named: name, at: InputPlace(file: "the command line"))
    let gpu = node.gpu.figures.map { HardwareFigure(name: "gpu \($0.name)", figure: $0.figure, unit: $0.unit) }
    let table = FigureTable(figures: node.figures + gpu)
    if output.json {
      let members: [JSONMember] = [
        JSONMember("format", "brume/1"),
        JSONMember("clusters", .array([Self.item(node, aliases: Catalogue.aliases(of: node.name))])),
        JSONMember("figures", table.value),
      ]
      return Console.write(JSONWriter().text(.object(members)) + "\n")
    }
    Console.write(lines: ["\(node.name): \(node.title)", "\(table.summary)", ""] + table.lines)
  }

  private static func item(_ node: NodeType, aliases: [String]) -> JSONValue {
    [
      "name": .string(node.name), "aliases": .strings(aliases), "title": .string(node.title),
      "gpu": .string(node.gpu.name), "gpusPerNode": .int(node.gpusPerNode),
      "insideBytesPerSecond": .figure(node.links.insideBytesPerSecond),
      "fabricBytesPerSecond": .figure(node.links.fabricBytesPerSecond),
      "hostMemoryBytes": .figure(node.hostMemoryBytes), "interference": .figure(node.interferenceOrigin),
      "dollarsPerGPUHour": node.dollarsPerGPUHour.map(JSONValue.figure) ?? nil,
      "links": node.links.measured.isEmpty ? "derived" : "measured",
      "linkSource": .string(node.links.measuredSource),
    ]
  }
}
