import Engine

/// An expression as Python statements, one per node, for a comparison with NumPy.
struct PythonSource {
  private var names: [Expression: String] = [:]
  private var lines: [String] = []

  /// A line `# inputs: a b c`, then statements that assign `n0`, `n1`..., then `# outputs: n3 n7`.
  ///
  /// Functions used: `maximum`, `minimum`, `select(condition, positive, otherwise)`.
  static func text(_ subject: TapeBenchmark.Subject) -> String {
    var source = PythonSource()
    let inputs = subject.inputs.map { source.add($0) }
    let outputs = subject.outputs.map { source.add($0) }
    let text = ["# inputs: " + inputs.joined(separator: " ")] + source.lines
    return (text + ["# outputs: " + outputs.joined(separator: " ")]).joined(separator: "\n")
  }

  private mutating func add(_ expression: Expression) -> String {
    if let name = names[expression] { return name }
    let text: String
    switch expression.form {
    case .variable(let name): text = name
    case .constant(let value): text = "\(value)"
    case .operation(let name, let operands):
      let parts = operands.map { add($0) }
      text = "n\(lines.count)"
      lines.append("\(text) = \(operation(name, parts))")
    case .overlap: preconditionFailure("the plain subject has no overlaps")
    }
    names[expression] = text
    return text
  }

  private func operation(_ name: String, _ parts: [String]) -> String {
    switch name {
    case "max": "maximum(\(parts[0]), \(parts[1]))"
    case "min": "minimum(\(parts[0]), \(parts[1]))"
    case "select": "select(\(parts.joined(separator: ", ")))"
    case _ where parts.count == 1: "-\(parts[0])"
    default: "\(parts[0]) \(name) \(parts[1])"
    }
  }
}
