import Foundation
import Testing

@testable import Engine

/// Scripts that mean harm, or are broken: nothing is run, and the error has the line.
@Suite struct ShellScriptHostileTests {
  private func error(_ text: String) -> String {
    do {
      _ = try ShellScript.read(text, file: "x.sh")
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test("nothing in a script is run, and no file is touched")
  func nothingRuns() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)").path
    let text = """
      A=$(touch \(path))
      B=`touch \(path)`
      eval "touch \(path)"
      bash -c 'touch \(path)'
      echo hello > \(path)
      run "$(touch \(path))" <(touch \(path)) $A ${B}
      trap 'touch \(path)' EXIT; touch \(path)
      """
    let script = try ShellScript.read(text, file: "x.sh")
    #expect(!FileManager.default.fileExists(atPath: path))
    let run = try #require(script.commands.first { $0.words[0].text == "run" })
    #expect(run.words.dropFirst().allSatisfy { !$0.unresolved.isEmpty })
  }

  @Test(
    "what is opened and not closed is named with its line",
    arguments: [
      ("a\nrun 'b", "x.sh:2: a single quote is opened here and not closed"),
      ("a\nrun \"b\n\n", "x.sh:2: a double quote is opened here and not closed"),
      ("run $(a", "x.sh:1: a parenthesis is opened here and not closed"),
      ("\n\nrun `a", "x.sh:3: a backquote is opened here and not closed"),
      ("A=(\n1 2", "x.sh:1: an array is opened here and not closed"),
      ("run ${A", "x.sh:1: a brace is opened here and not closed"),
      ("run $((1 + 2", "x.sh:1: arithmetic is opened here and not closed"),
      ("cat <<EOF\ntext\n", "x.sh:1: a here-document is opened here and not closed"),
      ("[[ a == b", "x.sh:1: a condition is opened here and not closed"),
      ("if a; then b", "x.sh:1: the script ends inside a compound command"),
      ("for i in a; do b", "x.sh:1: the script ends inside a compound command"),
      ("a\nfi )", "x.sh:2: nothing is open that this would close"),
      ("run ${}", "x.sh:1: ${ without the name of a variable"),
      ("run a\u{0}b", "x.sh:1: a control character (U+0)"),
      ("run \n\u{1B}[2J", "x.sh:2: a control character (U+1B)"),
    ])
  func unclosed(text: String, expected: String) {
    #expect(error(text).hasPrefix(expected), "\(error(text))")
  }

  @Test("a script of more than a megabyte is not read")
  func tooLong() {
    #expect(error(String(repeating: "a", count: 1_048_577)).contains("the limit is 1048576"))
  }

  @Test("variables that double again and again stop at the limit, with the line")
  func doubling() {
    var text = "A0=\(String(repeating: "x", count: 100))\n"
    for step in 1...60 { text += "A\(step)=\"$A\(step - 1)$A\(step - 1)\"\n" }
    let found = error(text + "run $A60")
    #expect(found.contains("expand to more than 8388608 characters") && found.hasPrefix("x.sh:"))
    var empty = "A0=('' '')\n"
    for step in 1...60 { empty += "A\(step)=(\"${A\(step - 1)[@]}\" \"${A\(step - 1)[@]}\")\n" }
    #expect(error(empty).contains("expand to more than"))
    var calls = "f0() { run; }\n"
    for step in 1...30 { calls += "f\(step)() { f\(step - 1); f\(step - 1); }\n" }
    #expect(error(calls + "f30").contains("expand to more than"))
  }

  @Test("a variable that contains itself is what it was before; a function that calls itself is an error")
  func recursion() throws {
    let script = try ShellScript.read("A=\"$A x\"\nA=\"$A y\"\nrun \"$A\"", file: "x.sh")
    #expect(script.commands[0].words[1].text == "$A x y")
    #expect(error("f() { f; }\nf").contains("more than 32 levels deep"))
    #expect(error("A='eval $A'\neval $A").contains("more than 32 levels deep"))
  }

  @Test(
    "deep nesting is an error, not a crash",
    arguments: [
      ("", "( "), ("", "{ "), ("", "if "), ("run ", "${A:-"), ("run ", "\"$("), ("", "f() "), ("run ", "$(( "),
    ])
  func nesting(start: String, again: String) {
    let found = error(start + String(repeating: again, count: 10_000))
    #expect(found.contains("nested deeper than 32 levels"), "\(found)")
  }

  @Test("many open parentheses are one that is not closed", arguments: ["(", "run $("])
  func parentheses(again: String) {
    #expect(error(String(repeating: again, count: 10_000)).contains("is opened here and not closed"))
  }

  @Test("deep arithmetic and conditions are not decided, and do not crash")
  func deepExpressions() throws {
    let deep = String(repeating: "-", count: 100_000) + "1"
    let choices = String(repeating: "1?", count: 50_000) + "1"
    let script = try ShellScript.read("run $((\(deep))) $((\(choices)))", file: "x.sh")
    #expect(script.commands[0].words.dropFirst().allSatisfy { $0.unresolved.count == 1 })
    let negations = String(repeating: "! ", count: 100_000)
    #expect(try ShellScript.read("if [ \(negations) x ]; then run; fi", file: "x.sh").commands.count == 1)
  }

  @Test("every shortening of a script is read or refused, and never traps")
  func truncated() {
    let text = """
      #SBATCH --nodes=2
      export A=${B:-"x y"}; C=( "--a $A" 'b' $((1+2)) )
      if [[ "$A" == x* ]] && [ -n "$1" ]; then C+=("d"); elif false; then :; else exit 1; fi
      case $A in x) B=1;; *) B=2;; esac
      cat <<EOF >f.json
      {"a": $B}
      EOF
      go() { srun bash -c "torchrun ${C[@]} $(hostname) `x`" 2>&1 | tee log; }
      for i in 1 2; do go $i; done; go && (( A > 1 )) || { go; }
      """
    for length in 0...text.count { _ = try? ShellScript.read(String(text.prefix(length)), file: "x.sh") }
    for start in 0..<text.count { _ = try? ShellScript.read(String(text.dropFirst(start)), file: "x.sh") }
    #expect(error(text) == "no error")
  }
}
