/// A word of a shell command.
public enum ShellWord: Sendable, Equatable, ExpressibleByStringLiteral {
  /// A text that stands for itself, whatever is in it.
  case text(String)
  /// Shell code of ours, such as `"${MASTER_ADDR:-localhost}"`: never a value from a file.
  case code(StaticString)

  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// As it is written in a script.
  public var written: String {
    switch self {
    case .text(let text): ShellText.quoted(text)
    case .code(let code): "\(code)"
    }
  }

  /// Words are equal where they are written alike.
  public static func == (a: ShellWord, b: ShellWord) -> Bool { a.written == b.written }
}

/// A script that starts training on one node; a Slurm job runs it on each (`SlurmScript`).
///
/// It holds what a plan decides as arrays of arguments, and what only a person knows in lines marked `EDIT`.
public struct LaunchScript: Sendable {
  /// An environment variable that the prediction assumes.
  public struct Variable: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String
    /// What it is for.
    public var why: String

    /// A variable.
    public init(_ name: String, _ value: String, why: String) {
      self.name = name
      self.value = value
      self.why = why
    }
  }

  /// Arguments that belong together, as a shell array.
  public struct Group: Sendable, Equatable {
    /// Name of the array: capital letters and underscores.
    public var name: String
    /// What they are, for people.
    public var comment: String
    /// An option and its values each, a line of the script.
    public var lines: [[ShellWord]]

    /// A group.
    public init(_ name: String, comment: String, _ lines: [[ShellWord]]) {
      self.name = name
      self.comment = comment
      self.lines = lines
    }
  }

  /// Lines for people at the top (`LaunchHeader`).
  public var header: [String]
  /// What a person must set: variables with an example each, kept where the environment has them already.
  public var marked: [Variable] = []
  /// What the prediction assumes of the environment.
  public var environment: [Variable] = []
  /// The arguments.
  public var groups: [Group] = []
  /// The command without the arguments: `torchrun`, its options and the program.
  public var command: [[ShellWord]]

  /// A script without arguments.
  public init(header: [String], command: [[ShellWord]]) {
    self.header = header
    self.command = command
  }

  /// All of its text: bash, clean for shellcheck.
  public var text: String {
    var lines = ["#!/usr/bin/env bash"] + header.map(ShellText.comment) + ["set -euo pipefail", ""]
    if !marked.isEmpty {
      lines.append("# EDIT: what only you know; the environment wins over these lines.")
      for variable in marked {
        lines.append(ShellText.comment(variable.why))
        lines.append(": \"${\(variable.name):=\(Self.inDefault(variable.value))}\"")
      }
      lines.append("")
    }
    for variable in environment {
      lines.append(ShellText.comment(variable.why))
      lines.append("export \(variable.name)=\(ShellText.quoted(variable.value))")
    }
    if !environment.isEmpty { lines.append("") }
    for group in groups where !group.lines.isEmpty {
      lines.append(ShellText.comment(group.comment))
      lines.append("\(group.name)=(")
      lines += group.lines.map { "  " + $0.map(\.written).joined(separator: " ") }
      lines += [")", ""]
    }
    let arguments = groups.filter { !$0.lines.isEmpty }.map { "\"${\($0.name)[@]}\"" }
    let words = command.map { $0.map(\.written).joined(separator: " ") } + arguments + ["\"$@\""]
    lines.append("exec " + words.joined(separator: " \\\n  "))
    return lines.joined(separator: "\n") + "\n"
  }

  /// A value inside `"${NAME:=...}"`: what would end it or be expanded there is escaped.
  private static func inDefault(_ value: String) -> String {
    var text = ""
    for character in value {
      if "\\\"$`}".contains(character) { text.append("\\") }
      text.append(character)
    }
    return text
  }
}

extension LaunchScript {
  /// `torchrun` on so many nodes, with the rendezvous that `SlurmScript` sets up; one node needs none.
  public static func torchrun(nodes: Int, gpusPerNode: Int, program: [ShellWord]) -> [[ShellWord]] {
    let place: [[ShellWord]] =
      nodes == 1
      ? [["--standalone"]]
      : [
        ["--nnodes", .text("\(nodes)")],
        ["--node-rank", .code(#""${SLURM_NODEID:-${NODE_RANK:-0}}""#)],
        ["--master-addr", .code(#""${MASTER_ADDR:-localhost}""#)],
        ["--master-port", .code(#""${MASTER_PORT:-29500}""#)],
      ]
    return [["torchrun"]] + place + [["--nproc-per-node", .text("\(gpusPerNode)")], program]
  }
}
