import Foundation
import Testing

/// `export` and `import`, as a shell sees them.
@Suite struct LaunchCommandTests {
  private static let sample = "gpt-1.3b-2xl4"

  private func object(_ arguments: [String], status: Int32 = 0) throws -> [String: Any] {
    let result = try Program.run(arguments + ["--json"])
    #expect(result.status == status, "\(result.error)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test(
    "a plan that the launcher cannot run ends with 1 and says what it lacks and what it can run; --nearest writes that")
  func nearest() throws {
    try Program.inFolder { folder in
      let plan = folder.appendingPathComponent("plan.yaml").path
      #expect(try Program.run(["tune", Self.sample, "--pin", "offload.activations=0.5", "--out", plan]).status == 0)
      let refused = try object(["export", plan, "--to", "megatron-lm"], status: 1)
      #expect(refused["status"] as? String == "refused")
      #expect((refused["files"] as? [Any])?.isEmpty == true)
      let reasons = try #require(refused["refused"] as? [[String: Any]])
      #expect(!reasons.isEmpty && reasons.allSatisfy { $0["what"] is String && $0["knobs"] is [String] })
      let nearest = try #require(refused["nearest"] as? [String: Any])
      let seconds = try #require(nearest["iterationSeconds"] as? Double)
      #expect(!(nearest["changes"] as? [String] ?? []).isEmpty)

      let out = folder.appendingPathComponent("run").path
      let written = try Program.run(["export", plan, "--to", "megatron-lm", "--nearest", "--out", out])
      #expect(written.status == 0, "\(written.error)")
      #expect(written.error.contains("cannot run all of this plan"))
      #expect(written.error.contains("wrote train.sh, train.slurm, plan.yaml to \(out)"))
      let score = try object(["score", out + "/plan.yaml"])
      #expect(score["iterationSeconds"] as? Double == seconds)
      let again = try object(
        ["import", out + "/train.sh", "--from", "megatron-lm", "--cluster", "1x2xl4", "--no-ladder"])
      #expect(abs(try #require(again["iterationSeconds"] as? Double) / seconds - 1) < 1e-12)
      #expect((again["unknown"] as? [String])?.isEmpty == true)
      #expect((again["warnings"] as? [String])?.isEmpty == true)

      let taken = try Program.run(["export", plan, "--to", "megatron-lm", "--nearest", "--out", out])
      #expect(taken.status == 65 && taken.error.contains("this file exists"))
      #expect(
        try Program.run(["export", plan, "--to", "megatron-lm", "--nearest", "--out", out, "--force"]).status == 0)
    }
  }

  @Test("of a workload its best plan for its own launcher is printed; the ladder from it is empty")
  func workload() throws {
    try Program.inFolder { folder in
      let answer = try object(["export", "llama-3-8b-8xa100-80-fsdp"])
      #expect(answer["status"] as? String == "exported" && answer["launcher"] as? String == "accelerate")
      let files = try #require(answer["files"] as? [[String: Any]])
      #expect(files.contains { $0["name"] as? String == "accelerate.yaml" })
      for file in files {
        let path = folder.appendingPathComponent(try #require(file["name"] as? String))
        try #require(file["text"] as? String).write(to: path, atomically: true, encoding: .utf8)
      }
      let read = [
        "import", folder.path + "/train.sh", "--from", "accelerate", "--cluster", "1x8xa100-80", "--model",
        "llama-3-8b",
        "--sequence", "8192",
      ]
      #expect((try object(read)["ladder"] as? [Any])?.isEmpty == true)
      let text = try Program.run(read)
      #expect(text.output.contains("nothing that Accelerate (FSDP2) can run is faster"))
    }
  }

  @Test("names with shell code in them run nothing, in no file")
  func hostile() throws {
    try Program.inFolder { folder in
      let out = folder.appendingPathComponent("run").path
      let name = "name=\"a'; touch \(folder.path)/bad; $(touch \(folder.path)/bad)\""
      let result = try Program.run(
        ["export", Self.sample, "--set", name, "--to", "megatron-lm", "--out", out])
      #expect(result.status == 0, "\(result.error)")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = [
        "-c",
        "PATH=\(folder.path):$PATH; echo 'exit 0' > \(folder.path)/torchrun; "
          + "chmod +x \(folder.path)/torchrun; bash \(out)/train.sh; bash -n \(out)/train.slurm",
      ]
      process.environment = ["PATH": "/usr/bin:/bin"]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/bad"))
      #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["run", "torchrun"])
    }
  }

  @Test(
    "what is wrong is told with the right exit code",
    arguments: [
      (["export", "gpt-1.3b-2xl4"], 64, "--to must name a launcher"),
      (["export", "gpt-1.3b-2xl4", "--to", "horovod"], 64, "horovod"),
      (["export", "no-such-plan", "--to", "mist"], 65, "no-such-plan"),
      (["import", "/nonexistent/train.sh", "--from", "megatron-lm"], 65, "/nonexistent/train.sh"),
      (["import", "/dev/zero", "--from", "megatron-lm"], 65, "not a regular file"),
      (["import", "x", "--from", "mist", "--batch", "0"], 64, "--batch"),
    ])
  func errors(arguments: [String], status: Int, text: String) throws {
    let result = try Program.run(arguments)
    #expect(result.status == Int32(status))
    #expect(result.error.contains(text), "\(result.error)")
  }

  @Test("a mixture of experts is refused with the reason, and a script without training says so")
  func refusals() throws {
    try Program.inFolder { folder in
      let path = folder.appendingPathComponent("moe.sh").path
      let script = "torchrun --nproc-per-node 8 pretrain_gpt.py --num-layers 32 --hidden-size 4096 --num-experts 8\n"
      try script.write(toFile: path, atomically: true, encoding: .utf8)
      let moe = try Program.run(["import", path, "--from", "megatron-lm", "--cluster", "1x8xh100"])
      #expect(moe.status == 65)
      #expect(moe.error.lowercased().contains("experts"))
      try "echo hello\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try Program.run(["import", path, "--from", "megatron-lm", "--cluster", "1x8xh100"]).status == 65)
    }
  }
}
