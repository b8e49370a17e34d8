import Foundation
import Testing

@testable import Engine

/// Scripts that start DeepSpeed: which files they may name, and those of Megatron-DeepSpeed.
@Suite struct DeepSpeedScriptImportTests {
  /// The configuration that the scripts name.
  static let configuration = LaunchFile(
    name: "ds.json",
    text: """
      {"train_batch_size": 64, "train_micro_batch_size_per_gpu": 2, "bf16": {"enabled": true},
       "zero_optimization": {"stage": 1}}
      """)

  private static func read(
    _ script: String, files: [LaunchFile] = [configuration], cluster: String = "2x8xa100-80", model: String? = nil
  ) throws -> LaunchImport {
    try LaunchRoundTrip.inFolder(files) { folder in
      try DeepSpeedImporter().read(
        script, LaunchContext(file: "run.sh", folder: folder, cluster: cluster, model: model, sequence: 2048))
    }
  }

  private static func error(_ script: String, files: [LaunchFile] = [configuration]) -> String {
    do {
      _ = try read(script, files: files, model: "llama-2-7b")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// A script of Megatron-DeepSpeed.
  static let megatron = """
    #!/bin/bash
    TP=2; PP=4
    NHIDDEN=2048
    MODEL_ARGS="--num-layers 24 --hidden-size $NHIDDEN --num-attention-heads 16 --seq-length 1024 \\
      --max-position-embeddings 1024 --vocab-size 50256"
    DS_ARGS="--deepspeed --deepspeed_config=ds.json --zero-stage=1 --deepspeed-activation-checkpointing"
    torchrun --nnodes 2 --nproc_per_node 8 --node_rank $SLURM_NODEID pretrain_gpt.py \\
      --tensor-model-parallel-size $TP --pipeline-model-parallel-size $PP \\
      --micro-batch-size 2 --global-batch-size 64 --bf16 --checkpoint-activations \\
      --attention-dropout 0 --hidden-dropout 0 --tokenizer-type NullTokenizer \\
      --lr 6e-4 --train-iters 100 --data-path data $MODEL_ARGS $DS_ARGS --extra-switch
    """

  @Test("arguments of Megatron-DeepSpeed give model, degrees, batches and recomputation")
  func arguments() throws {
    let found = try Self.read(Self.megatron)
    #expect(found.plan.stages.count == 4 && found.plan.gradientAccumulation == 16)
    let stage = try #require(found.plan.stages.first)
    #expect(stage.layers == 6 && stage.tensorParallel == 2 && stage.dataParallel == 2 && stage.zero == 1)
    #expect(stage.nodes == 1 && stage.gpusPerNode == 4 && stage.checkpointedLayers == 6 && stage.recompute == .full)
    let model = found.workload.model
    // 50257 tokens padded to a multiple of 128 x 2.
    #expect(model.vocabulary == 50_432 && model.feedForward == 8192 && model.layers == 24)
    #expect(model.positions == .learned && model.linearBias && model.tiedEmbeddings)
    #expect(found.workload.run.attention == .unfused && found.workload.run.sequenceLength == 1024)
    #expect(found.unknown == ["--extra-switch"] && found.warnings.isEmpty)
  }

  @Test("Megatron-DeepSpeed's JSON may be written by the script itself")
  func document() throws {
    let script = """
      ZERO=0
      cat <<EOF > config.json
      {"train_batch_size": 64, "train_micro_batch_size_per_gpu": 2, "bf16": {"enabled": true},
       "zero_optimization": {"stage": $ZERO}}
      EOF
      """ + "\n" + Self.megatron.replacing("=ds.json", with: " config.json").replacing("stage=1", with: "stage=0")
    let found = try Self.read(script, files: [])
    #expect(found.plan.stages.first?.zero == 0)
  }

  @Test("what contradicts between arguments, JSON and cluster names both")
  func conflicts() {
    #expect(
      Self.error(Self.megatron.replacing("-size 64", with: "-size 32")).contains(
        "--global-batch-size: it is 32, train_batch_size in DeepSpeed's JSON is 64"))
    #expect(Self.error(Self.megatron.replacing("stage=1", with: "stage=2")).contains("zero_optimization.stage"))
    #expect(
      Self.error(Self.megatron.replacing("nnodes 2", with: "nnodes 4")).contains(
        "4 nodes, but --cluster 2x8xa100-80 is 2x8"))
    #expect(Self.error(Self.megatron.replacing("_node 8", with: "_node 4")).contains("4 GPUs a node"))
    #expect(Self.error(Self.megatron.replacing("--bf16", with: "--fp16")).contains("--fp16 is set"))
    #expect(Self.error(Self.megatron.replacing("PP=4", with: "PP=$1")).contains("$1, which the file does not set"))
    #expect(Self.error(Self.megatron.replacing("layers 24", with: "layers 22")).contains("22 layers do not divide"))
    #expect(Self.error(Self.megatron + " --num-experts 8").contains("mixture of experts"))
    #expect(Self.error(Self.megatron + " --ds-sequence-parallel-size 2").contains("Ulysses"))
    let file = LaunchFile(name: "ds.json", text: Self.configuration.text.replacing("1}", with: "2}"))
    #expect(
      Self.error(Self.megatron.replacing("--zero-stage=1", with: ""), files: [file]).contains("ZeRO 0 and 1 alone"))
  }

  @Test("recomputation that Megatron-DeepSpeed would not do is not predicted")
  func recompute() throws {
    func plan(_ words: String) throws -> LaunchImport {
      try Self.read(Self.megatron.replacing("--checkpoint-activations", with: words))
    }
    #expect(try plan("--recompute-activations").plan.stages.first?.recompute == .selective)
    let flash = try plan("--recompute-granularity selective --use-flash-attn-v2")
    #expect(flash.plan.stages.first?.checkpointedLayers == 0 && flash.warnings.count == 1)
    let block = try plan("--recompute-granularity full --recompute-method block --recompute-num-layers 2")
    #expect(block.plan.stages.first?.checkpointedLayers == 0 && block.warnings.count == 1)
    #expect(
      try plan("--recompute-granularity full --recompute-method uniform").plan.stages.first?.checkpointedLayers == 6)
    let host = try plan("--checkpoint-activations --checkpoint-in-cpu")
    #expect(host.plan.stages.first?.offload == Offload(activations: 8))
  }

  @Test("only plain files beside the script are read, and only where it names them")
  func siblings() throws {
    func script(_ name: String) -> String { "deepspeed train.py --deepspeed \(name) --bf16" }
    #expect(Self.error(script("../ds.json")).contains("is not in the folder of run.sh"))
    #expect(Self.error(script("/etc/passwd")).contains("is not in the folder of run.sh"))
    #expect(Self.error(script("sub/ds.json")).contains("is not in the folder of run.sh"))
    #expect(Self.error(script("other.json")).contains("is not beside run.sh"))
    #expect(Self.error(script("$CONFIG")).contains("which the file does not set"))
    #expect(Self.error(script("'$(touch x).json'")).contains("is not beside run.sh"))
    #expect(Self.error("python train.py --bf16").contains("'--deepspeed_config' is missing"))
    #expect(try Self.read(script("./ds.json"), model: "llama-2-7b").plan.stages.count == 1)
    try LaunchRoundTrip.inFolder([Self.configuration]) { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link.json", withDestinationPath: folder + "/ds.json")
      try FileManager.default.createDirectory(atPath: folder + "/folder.json", withIntermediateDirectories: false)
      let context = LaunchContext(
        file: "run.sh", folder: folder, cluster: "2x8xa100-80", model: "gpt-7b", sequence: 128)
      for name in ["link.json", "folder.json"] {
        #expect(throws: InputError.self) { try DeepSpeedImporter().read(script(name), context) }
      }
    }
  }

  @Test("Trainer's arguments and the JSON must say the same, as Trainer asks")
  func trainer() {
    let start = "torchrun --nnodes 2 --nproc-per-node 8 train.py --deepspeed ds.json "
    #expect(
      Self.error(start + "--per_device_train_batch_size 4").contains(
        "--per_device_train_batch_size: it is 4, DeepSpeed's JSON has 2"))
    #expect(Self.error(start + "--fp16 true").contains("--fp16 is set, DeepSpeed's JSON enables bf16"))
    #expect(Self.error(start + "--per_device_train_batch_size 2 --bf16") == "no error")
  }

  @Test("public configurations with offload import as they are", .enabled(if: !PublicFiles.folder.isEmpty))
  func published() throws {
    var count = 0
    for path in PublicFiles.json {
      guard let text = try? ConfigNode.readText(path), text.contains("offload_optimizer"), text.contains("\"cpu\"")
      else { continue }
      var context = LaunchContext(file: path, cluster: "1x8xa100-80", model: "llama-2-7b", sequence: 2048)
      context.microBatch = 1
      let found = try DeepSpeedImporter().read(text, context)
      #expect((found.plan.stages.first?.offload.optimizer ?? 0) > 0, "\(path)")
      #expect(found.unknown.isEmpty, "\(path): \(found.unknown)")
      count += 1
    }
    #expect(count > 0)
  }

  /// Files of a folder that BRUME_DEEPSPEED_EXAMPLES names: a checkout of DeepSpeedExamples or of Accelerate.
  private enum PublicFiles {
    static let folder = ProcessInfo.processInfo.environment["BRUME_DEEPSPEED_EXAMPLES"] ?? ""

    static var json: [String] {
      let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      return found.filter { $0.hasSuffix(".json") && $0.contains("zero") || $0.hasSuffix("ds_config.json") }.sorted()
        .map { folder + "/" + $0 }
    }
  }
}
