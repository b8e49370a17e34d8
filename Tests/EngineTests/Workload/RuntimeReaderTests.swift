import Testing

@testable import Engine

/// Runtime files: what they must say, what they inherit, and what their errors name (docs/formats.md).
@Suite struct RuntimeReaderTests {
  /// A whole runtime, all figures 2, as `files` read it.
  private static func root(_ name: String, _ changes: [String: String] = [:]) -> String {
    var lines = ["  \(name):", "    title: \"a test\"", "    zeroLevels: \(changes["zeroLevels"] ?? "[0, 1]")"]
    for field in RuntimeField.all where !field.isOptional || changes[field.name] != nil {
      let usual: String
      switch field.kind {
      case .figure: usual = "{value: 2, provenance: vendor, source: \"\(name)\"}"
      case .flag: usual = "false"
      case .placement: usual = "exposed"
      }
      lines.append("    \(field.name): \(changes[field.name] ?? usual)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func read(_ texts: String...) throws(InputError) -> [RuntimeProfile] {
    var files: [ConfigNode] = []
    for (index, text) in texts.enumerated() {
      files.append(try ConfigNode.parse("brume: 1\nruntimes:\n" + text, file: "file\(index).yaml"))
    }
    return try RuntimeReader.profiles(files)
  }

  private func error(_ texts: String...) -> InputError? {
    do throws(InputError) {
      var files: [ConfigNode] = []
      for (index, text) in texts.enumerated() {
        files.append(try ConfigNode.parse("brume: 1\nruntimes:\n" + text, file: "file\(index).yaml"))
      }
      _ = try RuntimeReader.profiles(files)
      return nil
    } catch { return error }
  }

  @Test("a runtime that extends another has all of its figures but those that it gives, across files in any order")
  func inheritance() throws {
    let child = "  child:\n    extends: parent\n    stepCopyBytes: {value: 4, provenance: vendor, source: \"mine\"}\n"
    let grandchild = "  grandchild:\n    extends: child\n    title: \"other\"\n    zeroLevels: [3]\n"
    let found = try read(grandchild + child, Self.root("parent"))
    #expect(found.map(\.name) == ["grandchild", "child", "parent"])
    var expected = found[2]
    expected.name = "child"
    expected.ancestors = ["parent"]
    expected.stepCopyBytes = Figure(4, .vendor, source: "mine")
    #expect(found[1] == expected)
    expected.name = "grandchild"
    expected.ancestors = ["parent", "child"]
    expected.title = "other"
    expected.zeroLevels = [3]
    #expect(found[0] == expected)
  }

  @Test("an unknown key, a missing one and a value out of range name file, line and field")
  func errors() {
    let unknown = error(Self.root("a") + "    gradientByte: 2\n")
    #expect(unknown?.description.contains("file0.yaml") == true)
    #expect(unknown?.description.contains("did you mean 'gradientBytes'") == true)
    #expect(unknown?.place.line != nil)
    let missing = error("  a:\n    title: \"x\"\n")
    #expect(missing?.description.contains("'weightBytes' is missing") == true)
    #expect(missing?.place.field == "runtimes.a")
    let range = error(Self.root("a", ["stepBytes": "{value: -1, provenance: vendor, source: \"x\"}"]))
    #expect(range?.place.field == "runtimes.a.stepBytes.value")
    #expect(range?.place.line != nil)
    let placement = error(Self.root("a", ["reduction": "sometimes"]))
    #expect(placement?.description.contains("overlapped, exposed, overlapped-from-zero-3") == true)
    for levels in ["[]", "[4]", "[1, 0]", "[1, 1]"] {
      #expect(error(Self.root("a", ["zeroLevels": levels])) != nil, "\(levels)")
    }
    #expect(error(Self.root("a"), Self.root("a"))?.description.contains("two runtimes are called 'a'") == true)
  }

  @Test("extending what does not exist, or oneself in a circle, is an error that says so")
  func circles() {
    let stranger = error(Self.root("parent") + "  child:\n    extends: parnet\n")
    #expect(stranger?.description.contains("did you mean 'parent'") == true)
    #expect(stranger?.place.field == "runtimes.child.extends")
    let circle = error("  a:\n    extends: b\n  b:\n    extends: a\n")
    #expect(circle?.description.contains("a, b, a") == true)
  }

  @Test("every runtime that ships says what it does, and every property what it means")
  func shipped() throws {
    let names = try Catalogue.runtimes.map(\.name)
    for name in [
      "mist", "fsdp", "torchtitan", "megatron-lm", "megatron-lm-fp16", "megatron-core", "megatron-core-exposed",
      "megatron-deepspeed", "megatron-deepspeed-bf16", "deepspeed", "hf-deepspeed",
    ] { #expect(names.contains(name)) }
    for runtime in try Catalogue.runtimes {
      #expect(!runtime.about.isEmpty, "\(runtime.name)")
      #expect(runtime.stepsOnHost == (runtime.hostStepSeconds.value > 0), "\(runtime.name)")
    }
    for field in RuntimeField.all { #expect(!field.meaning.isEmpty, "\(field.name)") }
  }
}
