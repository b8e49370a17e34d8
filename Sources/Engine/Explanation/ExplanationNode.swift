/// A number, what it is made of, and where its figures come from (docs/formats.md, `explain`).
public struct ExplanationNode: Sendable, Equatable {
  /// How the children make the value.
  public enum Combination: Sendable, Equatable {
    /// There are none.
    case leaf
    /// They add up.
    case sum
    /// The largest of them.
    case maximum
    /// The smallest of them.
    case minimum
    /// Their product.
    case product
    /// The first of them over the product of the others.
    case quotient
    /// So many times the only child.
    case times(Double)
    /// Seconds of channels that run at once: kernels, collectives, copies from and to the host, in that order.
    case overlap(Interference)
  }

  /// What the number is in.
  public enum Unit: String, Sendable, Equatable {
    /// Seconds.
    case seconds = "s"
    /// Bytes.
    case bytes = "B"
    /// A plain number.
    case one = "1"
  }

  /// A figure behind a number.
  public struct Source: Sendable, Hashable {
    /// What the figure is.
    public var name: String
    /// How it came to be known.
    public var provenance: Provenance
    /// Where it stands.
    public var text: String
  }

  /// What it is.
  public var name: String
  /// How it is computed, in the symbols of docs/model.md; empty where the name says it.
  public var formula: String
  /// The value.
  public var value: Double
  /// What it is in.
  public var unit: Unit
  /// How the children make the value.
  public var combination: Combination
  /// What it is made of; parts that are 0 are left out.
  public var children: [ExplanationNode]
  /// Figures behind it, of a leaf.
  public var sources: [Source]

  /// A number that is not taken apart.
  static func leaf(
    _ name: String, _ value: Double, _ unit: Unit = .seconds, formula: String = "", sources: [Source] = []
  ) -> ExplanationNode {
    ExplanationNode(
      name: name, formula: formula, value: value, unit: unit, combination: .leaf, children: [], sources: sources)
  }

  /// A sum; parts of 0 are left out.
  static func sum(
    _ name: String, _ value: Double, _ parts: [ExplanationNode], _ unit: Unit = .seconds, formula: String = ""
  ) -> ExplanationNode {
    let kept = parts.filter { $0.value != 0 }
    return ExplanationNode(
      name: name, formula: formula, value: value, unit: unit, combination: kept.isEmpty ? .leaf : .sum, children: kept,
      sources: [])
  }

  /// So many times a part; the part itself for one.
  static func times(_ count: Double, _ part: ExplanationNode, _ name: String) -> ExplanationNode {
    guard count != 1 else { return part }
    return ExplanationNode(
      name: name, formula: "", value: count * part.value, unit: part.unit, combination: .times(count),
      children: [part], sources: [])
  }

  /// A sum of given parts and what they leave of the value, under a name that says what that is.
  ///
  /// What rounding leaves is no part.
  static func remainder(
    _ name: String, _ value: Double, _ parts: [ExplanationNode], rest: String, _ unit: Unit = .seconds,
    formula: String = "", restFormula: String = "", restSources: [Source] = []
  ) -> ExplanationNode {
    let left = value - parts.reduce(0) { $0 + $1.value }
    let scale = parts.reduce(abs(value)) { max($0, abs($1.value)) }
    let isRounding = abs(left) <= 1e-12 * scale
    return sum(
      name, value, parts + (isRounding ? [] : [.leaf(rest, left, unit, formula: restFormula, sources: restSources)]),
      unit, formula: formula)
  }

  /// What the children come to; the value itself of a leaf.
  public var combined: Double {
    let values = children.map(\.value)
    switch combination {
    case .leaf: return value
    case .sum: return values.reduce(0, +)
    case .maximum: return values.max() ?? value
    case .minimum: return values.min() ?? value
    case .product: return values.reduce(1, *)
    case .quotient: return (values.first ?? 0) / values.dropFirst().reduce(1, *)
    case .times(let count): return count * (values.first ?? 0)
    case .overlap(let interference):
      guard values.count == 4 else { return .nan }
      return interference.elapsed(SIMD4(values[0], values[1], values[2], values[3]))
    }
  }

  /// The node and all below it, parents first.
  public var all: [ExplanationNode] { [self] + children.flatMap(\.all) }

  /// The first node of that name, breadth first.
  public func first(named wanted: String) -> ExplanationNode? {
    var level = [self]
    while !level.isEmpty {
      if let found = level.first(where: { $0.name == wanted }) { return found }
      level = level.flatMap(\.children)
    }
    return nil
  }
}

extension ExplanationNode.Source {
  /// A figure with its origin.
  init(_ name: String, _ figure: Figure) {
    self.init(name: name, provenance: figure.provenance, text: figure.source)
  }
}
