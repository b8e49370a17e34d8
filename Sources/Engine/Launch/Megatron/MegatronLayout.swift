/// Layers of stages as `--pipeline-model-parallel-layout` writes them: `Et*3|t*4|t*4L`.
///
/// E is the embedding, t a transformer layer, m one of multi-token prediction, L the head with its loss; `|` ends a stage,
/// `x*n` repeats a letter or a group in parentheses, commas mean nothing.
enum MegatronLayout {
  /// Stages in order, one chunk each.
  static func text(_ layers: [Int]) -> String {
    layers.enumerated().map { index, count in
      (index == 0 ? "E" : "") + (count == 1 ? "t" : "t*\(count)") + (index == layers.count - 1 ? "L" : "")
    }.joined(separator: "|")
  }

  /// Transformer layers of each part between bars, in order.
  ///
  /// Throws where it is no layout, where embedding and head are not at its ends, or where it has layers of multi-token
  /// prediction. Complexity: O(length + stages + layers), each at most `most`.
  static func layers(_ text: String, at place: InputPlace) throws(InputError) -> [Int] {
    var letters = Array(text.filter { $0 != "," })
    letters = try repeated(letters, at: place)
    var counts = [0]
    for (index, letter) in letters.enumerated() {
      switch letter {
      case "t": counts[counts.count - 1] += 1
      case "|": counts.append(0)
      case "E" where index == 0: break
      case "L" where index == letters.count - 1: break
      case "m":
        throw .unsupported(
          at: place, what: "layers of multi-token prediction (m)", remedy: "remove them: they are not modelled")
      case "E", "L":
        throw .value(
          at: place, found: "\(letter) inside the layout", expected: "E once at its start and L once at its end")
      default:
        throw .value(at: place, found: "'\(letter)' in the layout", expected: "E, t, m, L, |, ( ), * and numbers")
      }
    }
    guard letters.first == "E", letters.last == "L" else {
      throw .value(at: place, found: "'\(text.prefix(60))'", expected: "a layout that starts with E and ends with L")
    }
    return counts
  }

  /// Most letters of a layout when all repetitions are written out: more layers than any model has.
  static let most = 200_000

  private static func repeated(_ letters: [Character], at place: InputPlace) throws(InputError) -> [Character] {
    var found: [Character] = []
    var group: Int?
    var lastUnit: Range<Int>?
    var index = 0
    while index < letters.count {
      let letter = letters[index]
      index += 1
      switch letter {
      case "(":
        guard group == nil else {
          throw .value(at: place, found: "a group inside a group", expected: "groups one after the other")
        }
        group = found.count
        lastUnit = nil
      case ")":
        guard let start = group else { throw .value(at: place, found: "')'", expected: "a '(' before it") }
        group = nil
        lastUnit = start..<found.count
        guard index < letters.count, letters[index] == "*" else {
          throw .value(at: place, found: "a group that is not repeated", expected: "(...)*n")
        }
      case "*":
        var digits = ""
        while index < letters.count, letters[index].isASCII, letters[index].isNumber {
          digits.append(letters[index])
          index += 1
        }
        guard let unit = lastUnit, let count = Int(digits), (0...most).contains(count) else {
          throw .value(at: place, found: "'*\(digits)'", expected: "x*n or (...)*n with a number up to \(most)")
        }
        guard found.count + unit.count * count <= most else {
          throw .value(at: place, found: "more than \(most) layers and stages", expected: "fewer")
        }
        let part = Array(found[unit])
        found.removeLast(part.count)
        for _ in 0..<count { found += part }
        lastUnit = nil
      default:
        lastUnit = found.count..<found.count + 1
        found.append(letter)
        guard found.count <= most else {
          throw .value(at: place, found: "more than \(most) layers and stages", expected: "fewer")
        }
      }
    }
    guard group == nil else { throw .value(at: place, found: "a '(' that is not closed", expected: "a ')' behind it") }
    return found
  }
}
