import Engine
import Foundation
import Testing

@testable import TUI

/// What people run today, read from within the explorer.
@Suite("Import")
struct ImportTests {
  /// Accelerate's configuration for the four GPUs of the small workload.
  private static let accelerate = """
    distributed_type: FSDP
    num_machines: 1
    num_processes: 4
    mixed_precision: bf16
    fsdp_config:
      fsdp_version: 2
      fsdp_reshard_after_forward: true
      fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
      fsdp_transformer_layer_cls_to_wrap: GPT2Block
      fsdp_activation_checkpointing: true
    """

  @Test("what is run today is the reference and previewed, Enter takes it, and undo brings everything back")
  func imports() throws {
    let path = try file(Self.accelerate, "run.yaml")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var host = SmallHost()
    var state = try SmallHost.opened()
    let before = state.draft
    host.press([.character("I")], &state)
    #expect(screen(state).contains("Import what is run today"))
    host.type(path, &state)
    host.press([.enter], &state)
    #expect(state.dialog == nil)
    #expect(state.message?.text.hasPrefix("what Accelerate (FSDP2) runs is the reference") == true)
    let preview = try #require(state.plans.preview)
    #expect(state.plans.chosenReference == preview && state.isPreview)
    #expect(preview.plan.stages.map(\.zero) == [3] && preview.plan.stages[0].dataParallel == 4)
    #expect(preview.plan.stages[0].checkpointedLayers == 8)
    #expect(state.workload.run.launcher == .accelerate && state.request.space.name == "fsdp")
    #expect(state.workload.model == SmallHost.workload.model && state.workload.cluster == SmallHost.workload.cluster)
    host.press([.enter], &state)
    #expect(state.plans.taken?.plan == preview.plan)
    host.press([.character("u"), .character("u")], &state)
    #expect(state.draft == before)
  }

  @Test("a file that is missing, of no launcher, or refused is told in the dialog, which stays open")
  func refuses() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    host.press([.character("I"), .enter], &state)
    #expect(screen(state).contains("type the path of a launch script"))
    host.type("/nowhere/run.sh", &state)
    host.press([.enter], &state)
    #expect(screen(state).contains("No such file or directory; name a file that exists"))
    let path = try file("echo hello\n", "run.sh")
    defer { try? FileManager.default.removeItem(atPath: path) }
    host.press([.control("u")], &state)
    host.type(path, &state)
    host.press([.enter], &state)
    #expect(screen(state).contains("choose one: Megatron-LM, DeepSpeed"))
    // With a launcher named, its own reader says what is missing.
    host.press([.down, .enter], &state)
    guard case .importing(let importing) = state.dialog else {
      Issue.record("the dialog was closed")
      return
    }
    #expect(importing.error?.contains("no command with Megatron-LM's options is in it") == true)
    #expect(state.history.entries.isEmpty)
  }

  @Test("the answer to an import that was left is dropped")
  func late() throws {
    let path = try file(Self.accelerate, "run.yaml")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var state = try SmallHost.opened()
    let before = state.draft
    _ = update(&state, .key(.character("I")))
    _ = update(&state, .paste(path))
    let orders = update(&state, .key(.enter)).compactMap { effect -> (ImportOrder, Int)? in
      if case .importPlan(let order, let ticket) = effect { (order, ticket) } else { nil }
    }
    let (order, ticket) = try #require(orders.first)
    #expect(order.path == path && order.launcher == nil)
    _ = update(&state, .key(.escape))
    _ = update(&state, .imported(.failed("comes too tardily"), ticket: ticket))
    #expect(state.dialog == nil && state.draft == before)
    _ = update(&state, .key(.character("I")))
    _ = update(&state, .imported(.failed("comes too tardily"), ticket: ticket))
    #expect(!screen(state).contains("tardily"))
  }

  private func file(_ text: String, _ name: String) throws -> String {
    let path = NSTemporaryDirectory() + "brume-\(UUID().uuidString)-\(name)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func screen(_ state: ExplorerState) -> String {
    plainText(render(state, size: state.size)).joined(separator: "\n")
  }
}
