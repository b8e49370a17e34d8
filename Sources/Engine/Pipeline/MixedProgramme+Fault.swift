extension MixedProgramme {
  /// Most columns, and most rows, that are put to GLPK: far more than its simplex solves in a lifetime.
  static let mostEntries = 10_000_000
  /// Largest number that is put to GLPK: its square still is one, so that no product inside GLPK is infinite.
  static let largestNumber = 1e100

  /// What keeps it from being put to GLPK, for people; nil where nothing does.
  ///
  /// GLPK checks positions, but takes any number, and a simplex with one that is none may never end. Complexity: that of
  /// a sort of the coefficients.
  var fault: String? {
    if columns.isEmpty { return "it has no columns" }
    if max(columns.count, rows.count, coefficients.count) > Self.mostEntries {
      return "it has more than \(Self.mostEntries) entries"
    }
    for (index, column) in columns.enumerated() {
      if column.cost.isWild || column.bounds.isWild { return "column \(index + 1) has a number that GLPK cannot take" }
      // The rules of branch and bound, which GLPK itself finds broken only after the relaxation.
      let bounds = [column.bounds.lower, column.bounds.upper].compactMap(\.self)
      if column.kind == .integer, bounds.contains(where: { $0 != $0.rounded() }) {
        return "column \(index + 1) is whole between bounds that are not"
      }
    }
    for (index, row) in rows.enumerated() where row.isWild {
      return "row \(index + 1) has a number that GLPK cannot take"
    }
    if !given.isEmpty, given.count != 1 + columns.count || given.contains(where: \.isWild) {
      return "the solution handed in is not one value a column"
    }
    return coefficientFault
  }

  private var coefficientFault: String? {
    for coefficient in coefficients {
      guard rows.indices.contains(coefficient.row), columns.indices.contains(coefficient.column) else {
        return "a coefficient stands outside of it"
      }
      guard !coefficient.value.isWild else {
        return "row \(coefficient.row + 1) has a coefficient that GLPK cannot take"
      }
    }
    let places = coefficients.map { $0.row * columns.count + $0.column }.sorted()
    return zip(places, places.dropFirst()).contains { $0 == $1 } ? "two coefficients stand at one place" : nil
  }
}

extension MixedProgramme.Bounds {
  /// A bound is not a number that GLPK can take.
  fileprivate var isWild: Bool { lower?.isWild ?? false || upper?.isWild ?? false }
}

extension Double {
  /// No number, or one too large for GLPK.
  fileprivate var isWild: Bool { !(magnitude <= MixedProgramme.largestNumber) }
}
