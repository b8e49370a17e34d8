import Foundation
import Testing

@testable import Engine

/// The launchers' own files, read as they are published, from folders that the environment names.
@Suite struct PublishedLaunchFilesTests {
  /// A checkout of torchtitan at v0.2.2 or 0.3, or its package.
  private static let torchtitanSource = ProcessInfo.processInfo.environment["BRUME_TORCHTITAN_SOURCE"]
  /// A checkout of github.com/Dazz993/Mist.
  private static let mistSource = ProcessInfo.processInfo.environment["BRUME_MIST_SOURCE"]

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test(
    "torchtitan's Llama 3 8B of release 0.2 imports without a change",
    .enabled(if: torchtitanSource.map { FileManager.default.fileExists(atPath: $0 + Self.tomlPath) } ?? false))
  func toml() throws {
    let folder = try #require(Self.torchtitanSource)
    let context = LaunchContext(file: "llama3_8b.toml", cluster: "8x8xa100-80")
    let found = try TorchtitanImporter().read(try text(folder + Self.tomlPath), context)
    #expect(found.unknown == [] && found.warnings == [])
    check(found)
  }

  private static let tomlPath = "/torchtitan/models/llama3/train_configs/llama3_8b.toml"

  @Test(
    "torchtitan's Llama 3 8B of release 0.3 imports without a change, from the registry's own file",
    .enabled(if: torchtitanSource.map { FileManager.default.fileExists(atPath: $0 + Self.registryPath) } ?? false))
  func registry() throws {
    let folder = try #require(Self.torchtitanSource) + "/torchtitan/models/llama3"
    let line = "torchrun --nproc-per-node 8 --nnodes 8 -m torchtitan.train --module config_registry --config llama3_8b"
    let context = LaunchContext(file: "train.sh", folder: folder, cluster: "8x8xa100-80")
    let found = try TorchtitanImporter().read(line, context)
    #expect(found.unknown == [])
    check(found)
    // The table of shipped configurations says the same.
    let named = try TorchtitanImporter().read(line.replacing("module config_registry", with: "module llama3"), context)
    #expect(named.plan == found.plan && named.workload == found.workload)
    for name in ["llama3_debugmodel", "llama3_70b", "llama3_405b"] {
      let other = line.replacing("llama3_8b", with: name)
      let read = try TorchtitanImporter().read(other, context)
      let shipped = try TorchtitanImporter().read(
        other.replacing("module config_registry", with: "module llama3"), context)
      #expect(shipped.plan == read.plan && shipped.workload == read.workload, "\(name)")
    }
  }

  private static let registryPath = "/torchtitan/models/llama3/config_registry.py"

  private func check(_ found: LaunchImport) {
    #expect(found.workload.model.layers == 32 && found.workload.model.feedForward == 14336)
    #expect(found.workload.run.sequenceLength == 8192 && found.workload.run.globalBatch == 64)
    #expect(
      found.plan.stages == [
        StageChoice(
          layers: 32, nodes: 8, gpusPerNode: 8, microBatch: 1, dataParallel: 64, tensorParallel: 1, zero: 3,
          checkpointedLayers: 32, recompute: .selectiveOperators)
      ])
  }

  @Test("every tuned configuration of Mist's artifact imports without a change", .enabled(if: mistSource != nil))
  func mist() throws {
    let root = try #require(Self.mistSource) + "/benchmark/mist"
    let tuned = root + "/tuned_configs"
    let names = try FileManager.default.subpathsOfDirectory(atPath: tuned).filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(!names.isEmpty)
    for path in names.map({ tuned + "/" + $0 }) + [root + "/configs/test-small.yaml"] {
      let context = LaunchContext(file: path)
      let found = try MistImporter().read(try text(path), context)
      #expect(found.unknown == [], "\(path)")
      let expected = path.contains("a100-40gb") ? "a100-40-sxm" : "l4-vm"
      #expect(found.workload.cluster.nodeType.name.hasPrefix(expected.prefix(4)), "\(path)")
    }
  }
}
