import Testing

@testable import Engine

/// The reader of Python.
@Suite struct PythonReaderTests {
  private func value(_ expression: String) throws -> PythonValue {
    var evaluator = try PythonEvaluator("def f():\n    return \(expression)\n", file: "a.py")
    let found = evaluator.call("f")
    return try #require(found).value
  }

  private func failure(_ text: String) -> String {
    do {
      _ = try PythonEvaluator(text, file: "a.py")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("literals and plain arithmetic are values")
  func literals() throws {
    #expect(try value("8 * 1024 + 2 ** 3 - 1") == .int(8199))
    #expect(try value("-3e-4") == .double(-3e-4))
    #expect(try value("(1_000 // 3) % 10") == .int(3))
    #expect(try value("'a' \"b\\n\" r'\\n' + \"\"\"c\"\"\"") == .string("ab\n\\nc"))
    #expect(try value("\"\\x41\\u00e9\"") == .string("A\u{e9}"))
    #expect(try value("True") == .bool(true) && value("None") == .none && value("0x10") == .int(16))
    #expect(try value("9223372036854775807 + 1") == .unknown("9223372036854775807 + 1"))
  }

  @Test("calls stay calls with their keywords; names that the file does not define stay names")
  func calls() throws {
    guard case .call(let call) = try value("A.Config(1, x=[1, (2,)], y=b.c)") else {
      Issue.record("no call")
      return
    }
    #expect(call.name == "A.Config" && call.positional.map(\.value) == [.int(1)])
    #expect(call["y"]?.value == .name("b.c"))
    guard case .list(let items)? = call["x"]?.value else {
      Issue.record("no list")
      return
    }
    #expect(items.count == 2 && items[1].value == .list([PythonNode(value: .int(2), line: 2)]))
  }

  @Test("what is not followed stays as it is written: conditions, comparisons, comprehensions, f-strings, lambdas")
  func notFollowed() throws {
    for (text, shown) in [
      ("1 if a else 2", "1 if a else 2"), ("a and b", "a and b"),
      ("not a", "not a"), ("lambda: 1", "lambda:1"), ("a < b", "a < b"), ("x[1]", "x[1]"), ("f'{a}'", "\"{a}\""),
      ("{'a': 1}", "{ \"a\":1 }"),
    ] {
      guard case .unknown(let found) = try value(text) else {
        Issue.record("\(text)")
        continue
      }
      #expect(found.filter { $0 != " " } == shown.filter { $0 != " " }, "\(text)")
    }
    #expect(try value("[x for x in y]") == .list([PythonNode(value: .unknown("x for x in y"), line: 2)]))
    #expect(try value("g(1, *a)") == .unknown("g(1, * a)"))
  }

  @Test("functions call each other; attributes are set on what they return")
  func functions() throws {
    let text = """
      import os
      N = 2

      def base(size: int = N):
          '''A comment.'''
          c = C(a=D(b=1))
          return c

      def f() -> C:
          c = base()
          c.a.b = N * 2
          c.e.g = "x"
          return c

      def needs(x): return x

      class Other:
          def f(self):
              return 1
      """
    var evaluator = try PythonEvaluator(text, file: "a.py")
    #expect(evaluator.functions == ["base", "f"] && evaluator.line(of: "f") == 9)
    guard case .call(let call)? = evaluator.call("f")?.value, case .call(let inner)? = call["a"]?.value,
      case .call(let new)? = call["e"]?.value
    else {
      Issue.record("no call")
      return
    }
    #expect(inner["b"]?.value == .int(4) && new["g"]?.value == .string("x") && evaluator.notes == [])
  }

  @Test("what is no Python is an error with its line")
  func errors() {
    #expect(failure("a = (1,\n").hasPrefix("a.py:2: not valid Python: a bracket is opened and not closed"))
    #expect(failure("a = 1)\n").hasPrefix("a.py:1: not valid Python: a bracket is closed"))
    #expect(failure("x = 1\na = 'b\n").hasPrefix("a.py:2: not valid Python: a text is opened and not closed"))
    #expect(
      failure("if a:\n    b = 1\n  c = 1\n").hasPrefix("a.py:3: not valid Python: indentation that fits no block"))
    #expect(failure("def :\n").contains("a function without a name"))
  }

  @Test("deep, long, circular and truncated texts end, quickly, and nothing in them is run")
  func hostile() throws {
    let deep = 100_000
    #expect(failure("a = " + String(repeating: "(", count: deep) + String(repeating: ")", count: deep)) != "no error")
    #expect(failure("a = " + String(repeating: "-", count: deep) + "1") == "no error")
    #expect(failure("a = 1" + String(repeating: " + 1", count: deep)) == "no error")
    #expect(failure("a = b" + String(repeating: ".c", count: deep)) == "no error")
    #expect(failure("a = b" + String(repeating: "()", count: deep)) == "no error")
    #expect(failure("x = 1\n" + String(repeating: "x = [x, x]\n", count: 20_000)) == "no error")
    #expect(failure("x = y\n" + String(repeating: "x = x + x\n", count: 20_000)) == "no error")
    var circular = try PythonEvaluator("def f():\n    return g()\ndef g():\n    return f()\n", file: "a.py")
    #expect(circular.call("f") != nil)
    let many = (0..<40).map { "def f\($0)():\n    return [f\($0 + 1)(), f\($0 + 1)()]\n" }.joined()
    var wide = try PythonEvaluator(many, file: "a.py")
    #expect(wide.call("f0") != nil)
    let whole = "def f():\n    c = A.Config(x=[1, 'b'], y=\"\"\"c\"\"\")\n    c.d.e = -2 ** 3\n    return c\n"
    for length in 0..<whole.count {
      guard var cut = try? PythonEvaluator(String(whole.prefix(length)), file: "a.py") else { continue }
      _ = cut.call("f")
    }
    #expect(try value("__import__('os').system('touch x')") != .none)
  }
}
