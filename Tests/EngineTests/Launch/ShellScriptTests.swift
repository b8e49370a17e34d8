import Testing

@testable import Engine

/// What scripts would run, by hand.
@Suite struct ShellScriptTests {
  private func read(_ text: String) throws -> ShellScript { try ShellScript.read(text, file: "train.sh") }

  /// Words of the last command, those that are not known in angle brackets.
  private func words(_ text: String) throws -> [String] {
    try #require(try read(text).commands.last).words.map { $0.value ?? "<\($0.text)>" }
  }

  @Test("comments, joined lines and quotes are those of the shell")
  func quotes() throws {
    #expect(
      try words("# a comment\nrun --a 'b c' \\\n  --d \"e  f\" g\\ h x#y # the end\n") == [
        "run", "--a", "b c", "--d", "e  f", "g h", "x#y",
      ])
    #expect(try words(#"run "a\"b\$c\d" 'a\b' ''"#) == ["run", #"a"b$c\d"#, #"a\b"#, ""])
    #expect(try words("run a'b'\"c\"d") == ["run", "abcd"])
  }

  @Test("a bracket in backquotes closes nothing")
  func backquotes() throws {
    #expect(try words("run ${A:-`echo }`} x").suffix(1) == ["x"])
    #expect(try words("run ${A:-`echo }`} x").count == 3)
    #expect(try words("run $(echo `echo )`) x").count == 3)
  }

  @Test("variables split into words outside of quotes, and stay one word inside")
  func splitting() throws {
    #expect(try words("A=' --a 1\n --b 2 '\nrun $A x\"$A\"") == ["run", "--a", "1", "--b", "2", "x --a 1\n --b 2 "])
    #expect(
      try words("A=\" --a 1 \\\n  --b 2\"\nB=3\nrun pre${A}post \"${B}4\" $B") == [
        "run", "pre", "--a", "1", "--b", "2post", "34", "3",
      ])
    #expect(try words("E=''\nrun $E \"$E\" a") == ["run", "", "a"])
  }

  @Test("arrays give a word for each element, and unquoted ones are split further")
  func arrays() throws {
    let text = """
      A=(
        --one 1   # a comment
        "--two 2"
      )
      A+=( '--three' )
      B=("${A[@]}" end)
      """
    #expect(try words(text + "\nrun \"${B[@]}\"") == ["run", "--one", "1", "--two 2", "--three", "end"])
    #expect(try words(text + "\nrun ${A[@]}") == ["run", "--one", "1", "--two", "2", "--three"])
    #expect(
      try words(text + "\nrun \"${A[*]}\" ${#A[@]} ${A[1]} $A") == [
        "run", "--one 1 --two 2 --three", "4", "1", "--one",
      ])
    #expect(try words("E=()\nrun \"${E[@]}\" \"$@\" z") == ["run", "z"])
  }

  @Test("defaults are taken where a variable is not set, and say for which they stand in")
  func defaults() throws {
    let script = try read(": \"${N:=3}\"\nrun ${M:-a b} \"${N}\" ${1:-\"MOCK\"} ${N:+set} ${O:+set} ${E-x}")
    let command = try #require(script.commands.last)
    #expect(command.words.map(\.text) == ["run", "a", "b", "3", "MOCK", "set", "x"])
    #expect(command.words[1].defaults == ["M"])
    #expect(command.words[3].defaults == ["N"])
    #expect(command.words[5].defaults.isEmpty)
    #expect(script.variables["N"]?.first?.text == "3")
  }

  @Test("integer arithmetic is computed, and keeps what it does not know as it is written")
  func arithmetic() throws {
    #expect(
      try words("A=8\nB=$((A*4))\nrun $(($A * $B / 2)) $((2**10 - (3+4)%5)) $(( A > 4 ? 1 : 0 ))") == [
        "run", "128", "1022", "1",
      ])
    #expect(
      try words("run $((8 / 0)) $((9223372036854775807 + 1)) $((UNSET + 1)) $((010))") == [
        "run", "<$((8 / 0))>", "<$((9223372036854775807 + 1))>", "<$((UNSET + 1))>", "<$((010))>",
      ])
    let command = try #require(try read("W=$((${N:-2}*8))\nrun $W").commands.last)
    #expect(command.words[1].text == "16" && command.words[1].defaults == ["N"])
  }

  @Test("what is not known stands as it is written and is named")
  func unresolved() throws {
    let command = try #require(
      try read("P=$1\nrun $P/data \"$(hostname -f)\" `whoami` $UNSET ${X%.*} a-$!").commands.last)
    #expect(
      command.words.map(\.text) == [
        "run", "$1/data", "$(hostname -f)", "`whoami`", "$UNSET", "${X%.*}", "a-$!",
      ])
    #expect(
      command.words.map(\.unresolved) == [
        [], ["$1"], ["$(hostname -f)"], ["`whoami`"], ["$UNSET"], ["${X%.*}"], ["$!"],
      ])
    #expect(command.words[1].value == nil)
  }

  @Test("an argument has the line where it is written, also inside arrays and long texts")
  func lines() throws {
    let command = try #require(
      try read("A=(\n  --a 1\n  --b 2\n)\nT=\" --c 3 \\\n --d 4\"\nrun \"${A[@]}\" $T \\\n  --e").commands.last)
    #expect(command.line == 7)
    #expect(command.words.map(\.line) == [7, 2, 2, 3, 3, 5, 5, 6, 6, 8])
  }

  @Test("conditions that can be decided are; of others the first branch is read, unless it leaves, with a note")
  func conditions() throws {
    func branch(_ condition: String) throws -> String {
      try words("D=fp8\nN=4\nif \(condition); then A=yes; else A=no; fi\nrun $A")[1]
    }
    #expect(try branch("[[ \"$D\" == \"fp8\" ]]") == "yes")
    #expect(try branch("[ \"$D\" = bf16 ]") == "no")
    #expect(try branch("[[ -z $D || ( $N -gt 3 && ! -n \"\" ) ]]") == "yes")
    #expect(try branch("test $N -le 3") == "no")
    #expect(try branch("(( N == 4 ))") == "yes")
    #expect(try branch("! [ $N -eq 4 ]") == "no")
    #expect(try read("D=fp8\nif [ $D = fp8 ]; then A=1; fi").notes.isEmpty)
    let undecided = try read("if [ -n \"$KEY\" ]; then\n A=1\nelse\n A=2\nfi")
    #expect(undecided.variables["A"]?.first?.text == "1")
    #expect(
      undecided.notes == ["train.sh:1: the condition depends on what is not known here: the branch behind it is read"])
    let guarded = try read("if [ ! -f x.py ]; then echo no; exit 1; fi\nrun")
    #expect(guarded.commands.map { $0.words[0].text } == ["run"] && guarded.notes.isEmpty)
    #expect(try words("A=1\n[ $A = 1 ] && A=2\n[ $A = 1 ] || A=3\nrun $A") == ["run", "3"])
    #expect(try words("M=7B\ncase $M in\n 1B) A=1;;\n 7B|8B) A=7 ;;\n *) A=0\nesac\nrun $A") == ["run", "7"])
    #expect(try words("if false; then A=1; elif true; then A=2; else A=3; fi; run $A") == ["run", "2"])
  }

  @Test("conditions on arguments are those of a run without any; a script that asks for some is read all the same")
  func withoutArguments() throws {
    #expect(try words("if [ \"$1\" = convert ]; then A=1; else A=2; fi\nrun $A") == ["run", "2"])
    #expect(try words("if [ -z \"$1\" ]; then echo usage; exit 1; fi\nrun x") == ["run", "x"])
    #expect(try words("[ $# -lt 2 ] && exit 1\n[[ -n ${2} ]] || exit 2\nrun x") == ["run", "x"])
    #expect(try words("case $1 in a) M=1;; *) M=2;; esac\nrun $M") == ["run", "2"])
    #expect(try words("A=1\nif [ $A = 1 ]; then run first; exit; fi\nrun second") == ["run", "first"])
  }

  @Test("loops are not read, and what they assign is not known after them")
  func loops() throws {
    let script = try read("A=1\nfor i in 1 2 3; do\n  A=$((A+i))\n  torchrun x.py\ndone\nrun $A $i")
    #expect(script.commands.map { $0.words[0].text } == ["run"])
    #expect(script.commands[0].words.map(\.unresolved) == [[], ["$A"], ["$i"]])
    #expect(script.notes == ["train.sh:2: the loop is not read: what it runs and assigns is not known"])
    #expect(
      try words("while read -r line; do echo $line; done < f\nfor ((i=0; i<3; i++)); do :; done; run x") == [
        "run", "x",
      ])
  }

  @Test("functions, pipes, eval, exec and shells in commands are followed")
  func followed() throws {
    #expect(try words("go() {\n local n=$1\n run --n $n \"${@}\"\n}\ngo 3 'a b'") == ["run", "--n", "3", "3", "a b"])
    #expect(try words("function go { run $#; }; go a b") == ["run", "2"])
    let piped = try read("run -a 2>&1 | tee log.txt")
    #expect(piped.commands.map { $0.words.map(\.text) } == [["run", "-a"], ["tee", "log.txt"]])
    #expect(try words("C=\"run -a 'b c' \\$D\"\nD=4\neval $C") == ["run", "-a", "b c", "4"])
    #expect(try read("exec run -a\nnever").commands.map { $0.words.map(\.text) } == [["run", "-a"]])
    #expect(
      try words("export C='run --x 1'\nsrun --nodes 2 bash -lc '$C --y $SLURM_PROCID'") == [
        "run", "--x", "1", "--y", "<$SLURM_PROCID>",
      ])
    #expect(try words("A=1\n(A=2; inner)\nrun $A") == ["run", "1"])
  }

  @Test("a command has the environment that is exported or set for it alone")
  func environment() throws {
    let script = try read("export A=1 B\nB=2\nC=3\nA=5 D=6 run")
    let command = try #require(script.commands.last)
    #expect(command.environment.map { "\($0.name)=\($0.value.text)" } == ["A=5", "B=2", "D=6"])
    #expect(script.variables["A"]?.first?.text == "1")
  }

  @Test("here-documents are read with the command that they belong to, with the file that it writes")
  func documents() throws {
    let script = try read(
      "N=2\ncat <<EOF > ds.json\n{\"n\": $N, \"q\": \"\\$x\"}\nEOF\ncat <<-'END'\n\t$N\n\tEND\nrun <<< \"$N\"")
    #expect(script.commands[0].input?.text == "{\"n\": 2, \"q\": \"$x\"}\n")
    #expect(script.commands[0].output?.text == "ds.json")
    #expect(script.commands[1].input?.text == "$N\n")
    #expect(script.commands[2].input?.text == "2")
  }

  @Test("lines of #SBATCH give their options")
  func directives() throws {
    let script = try read("#!/bin/bash\n#SBATCH --nodes=4 # four\n#SBATCH -n 8\n##SBATCH --nodes=9\nrun\n")
    #expect(script.directive("nodes", letter: "N")?.text == "4")
    #expect(script.directive("nodes", letter: "N")?.line == 2)
    #expect(script.directive("ntasks", letter: "n")?.text == "8")
    #expect(script.directive("gpus") == nil)
  }
}
