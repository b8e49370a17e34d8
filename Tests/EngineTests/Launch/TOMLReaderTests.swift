import Testing

@testable import Engine

/// The reader of TOML.
@Suite struct TOMLReaderTests {
  private func options(_ text: String) throws -> TorchtitanOptions {
    var options = TorchtitanOptions()
    try options.add(try TOMLReader.parse(text, file: "a.toml"))
    return options
  }

  private func failure(_ text: String) -> String {
    do {
      _ = try TOMLReader.parse(text, file: "a.toml")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("tables, dotted and quoted keys, texts, numbers, lists over lines, inline tables")
  func all() throws {
    let found = try options(
      #"""
      top = 1 # one
      a."b c".d = 'C:\dir'
      [x.y]
      s = "a\tb\u00e9\"#"
      n = 1_000
      h = 0xff
      f = -1.5e-4
      t = true
      when = 2024-01-02T03:04:05Z
      l = [ 1, # first
        2,
      ]
      m = [["p", "q"], []]
      i = { a = 1, b.c = "z" }
      long = """
      one \
        two"""
      [[z]]
      k = 1
      [[z]]
      k = 2
      """#)
    func text(_ name: String) throws -> String { try #require(found[name]).string() }
    #expect(try text("a.b c.d") == #"C:\dir"#)
    #expect(found["x.y.s"]?.content == .scalar("a\tb\u{e9}\"#", quoted: true))
    #expect(try #require(found["x.y.n"]).int(0...2000) == 1000 && text("x.y.h") == "255")
    #expect(try #require(found["x.y.f"]).double(-1...0) == -1.5e-4 && #require(found["x.y.t"]).bool())
    #expect(try text("x.y.when") == "2024-01-02T03:04:05Z" && text("x.y.long") == "one two")
    #expect(try #require(found["x.y.l"]).list().map { try $0.int(0...9) } == [1, 2])
    #expect(try #require(found["x.y.m"]).list().map { try $0.list().count } == [2, 0])
    #expect(try text("x.y.i.b.c") == "z" && #require(found["x.y.i.a"]).place.line == 14)
    #expect(try #require(found["z"]).list().count == 2)
  }

  @Test("what is no TOML is an error with its line")
  func errors() {
    #expect(failure("a = 1\na = 2") == "a.toml:2: not valid TOML: the key 'a' stands twice; keep one of them")
    #expect(failure("\n[a\nb = 1").hasPrefix("a.toml:2: not valid TOML: a table's name is not closed"))
    #expect(failure("a = [1,\n2").hasPrefix("a.toml:1: not valid TOML: a list is opened here and not closed"))
    #expect(failure("a = \"b\nc\"").hasPrefix("a.toml:1: not valid TOML: a text is opened here"))
    #expect(failure("a\n").hasPrefix("a.toml:1: not valid TOML: a key without a value"))
    #expect(failure("a = 1 b = 2").hasPrefix("a.toml:1: not valid TOML: more than one value on a line"))
    #expect(failure("a = \"\\q\"").contains("an unknown escape"))
    #expect(failure("a = 1\n[a]\nb = 1").hasPrefix("a.toml:2: not valid TOML: the key 'a' stands twice"))
    #expect(failure("a = ").contains("a value is missing here"))
  }

  @Test("deep, long and truncated texts end in an error, quickly")
  func hostile() throws {
    #expect(failure("a = " + String(repeating: "[", count: 100_000)).contains("nested deeper than 32 levels"))
    #expect(failure("a" + String(repeating: ".a", count: 100_000) + " = 1").contains("nested deeper than 32 levels"))
    #expect(failure((0..<5_000).map { "k\($0) = 1\n" }.joined()).contains("more than 1000 keys in one table"))
    #expect(failure(String(repeating: "[[z]]\n", count: 5_000)).contains("more than 1000 keys in one table"))
    #expect(failure(String(repeating: "x", count: 1_048_577)).contains("the limit is 1048576"))
    let whole = "[t]\na = [1, 'b', { c = \"\"\"d\"\"\" }]\n"
    for length in 0..<whole.count { _ = failure(String(whole.prefix(length))) }
    #expect(failure(whole) == "no error")
  }
}
