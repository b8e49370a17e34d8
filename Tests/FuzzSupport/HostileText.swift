import Engine

/// What people and broken programs put where a number or a name belongs.
public enum HostileText {
  /// Texts that stand where a number is expected.
  public static let numbers = [
    "NaN", ".nan", "nan", "inf", "-inf", ".inf", "Infinity", "-Infinity", "-1", "0", "-0", "+0", "00", "1e308", "1e309",
    "-1e308", "1e-320", "5e-324", "1e999999", "1000000000", "1e9", "1e12", "1e15", "1e18", "9007199254740993",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "4294967296",
    "2147483648", "1000000", "999999", "65536", "1024", "3", "2", "1", "0.5", "1.0", "1.5", "0x10", "0b1", "0o7",
    "1_000",
    "_1", "1_", "1__0", "1,000", "1.", ".5", "+5", "--5", "1e", "e5", "1e+", "1e5.5", "٣", "１", "1 2", "1/0", "0/0",
    "1%",
    "1..2", "1..", "..1", "2..1", "1..1000000000000", "100000000", "10000000", "1e7", "7e-9", "12345678901234567890",
  ]

  /// Texts that stand where a name is expected; each could do harm on a terminal, in a script or in a file.
  public static let names = [
    "", " ", "\t", "\u{1B}[2J", "\u{1B}]0;title\u{7}", "\u{1B}]52;c;aGk=\u{7}", "\u{1B}", "\u{9B}31m", "\u{85}",
    "\u{80}",
    "\u{9F}", "a\u{8}\u{8}b", "a\rb", "a\nb", "a\u{0}b", "\u{7F}", "\u{202E}gpj.exe", "\u{2066}a\u{2069}", "\u{200B}",
    "\u{200D}", "\u{FEFF}", "\u{2028}", "\u{2029}", "\u{301}", "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "\u{AD}",
    "\u{E000}", "\u{FFFF}", "\u{10FFFF}", "\u{1F600}", "漢字", "ﷺ", "%s%n", "${HOME}", "$(id)", "`id`", "'; id; '", "\"",
    "\\", "\\u0000", "#", ": ", "- ", "? ", "&a", "*a", "!!int", "!", "|", ">", "%YAML", "---", "...", "@", "`", "~",
    "null",
    "true", "no", "{}", "[]", "{{", "]]", "<<", "../../etc/passwd", "/dev/zero", "/", "./", "-", "--", "-x", "=", ",",
    "mist", "gpt-7b", "8xl4", "h100", "4x8xl4", "x", "xx", "1x", "x1", "1x1x", "99999999999999999999x8xl4", "0x8xl4",
  ]

  /// Pieces of syntax of the formats that are read.
  public static let pieces = [
    "[", "]", "{", "}", "(", ")", ":", ": ", ",", "\n", "\n\n", "\r\n", "\r", "- ", "? ", "&a ", "*a", "<<: *a\n",
    "!!x ",
    "\"", "'", "`", "#", " #", "\t", "  ", "%", "@", "|\n", ">\n", "---\n", "...\n", "%YAML 9.9\n", "\u{0}", "\u{FEFF}",
    "\u{2028}", "\u{85}", "\\", "\\\n", "$", "${", "$(", "$((", "))", "((", "[[", "]]", "<<EOF\n", "EOF\n", ";", ";;",
    "&",
    "&&", "||", "|", "<", ">", "=", "==", "!=", "+=", "-", "--", "*", "**", "/", "//", "..", "0", "9", "e", "x", "if ",
    "fi\n",
    "do ", "done\n", "for ", "def ", "lambda ", "import ", "'''", "\"\"\"", "\u{1B}[0m", "\u{1B}", "é", "\u{301}",
    "\u{202E}",
  ]

  /// A text for a number's place; seldom a very long one.
  public static func number(_ random: inout SyntheticPipelines.Sequence) -> String {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: String(repeating: "9", count: Int.random(in: 1...4_000, using: &random))
    case 1: "0." + String(repeating: "0", count: Int.random(in: 1...400, using: &random)) + "1"
    case 2: "1e" + String(Int.random(in: -400...400, using: &random))
    case 3: String(Int.random(in: -3...200, using: &random))
    case 4: String(Int.random(in: Int.min...Int.max, using: &random))
    case 5: "\(Double(bitPattern: random.next()))"
    default: numbers.randomElement(using: &random) ?? "0"
    }
  }

  /// A text for a name's place; seldom a very long one.
  public static func name(_ random: inout SyntheticPipelines.Sequence) -> String {
    switch Int.random(in: 0..<60, using: &random) {
    case 0: String(repeating: "a", count: 1 << Int.random(in: 5...16, using: &random))
    case 1: "e" + String(repeating: "\u{301}", count: 1 << Int.random(in: 3...14, using: &random))
    case 2: String(repeating: "\u{202E}", count: 1 << Int.random(in: 0...10, using: &random))
    case 3...8: any(&random)
    default: names.randomElement(using: &random) ?? ""
    }
  }

  /// A few random scalars of all planes.
  private static func any(_ random: inout SyntheticPipelines.Sequence) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let bits = 7 << Int.random(in: 0...14, using: &random)
      text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: 0...UInt32(bits), using: &random)) ?? "\u{FFFD}")
    }
    return text
  }
}
