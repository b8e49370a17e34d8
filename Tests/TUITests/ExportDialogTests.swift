import Engine
import Testing

@testable import TUI

/// A plan becomes the files of a launcher.
@Suite struct ExportDialogTests {
  private let size = Size(width: 120, height: 36)

  private func opened() throws -> ExplorerState {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type("e", &state)
    return state
  }

  private func dialog(_ state: ExplorerState) -> ExportDialogState? {
    if case .export(let export) = state.dialog { return export }
    return nil
  }

  private func order(_ effects: [Effect]) -> ExportOrder? {
    effects.lazy.compactMap { if case .export(let order) = $0 { order } else { nil } }.first
  }

  @Test("e opens on the launcher of the runtime, with a folder of its name, and says what each launcher cannot do")
  func opens() throws {
    var state = try opened()
    let text = plainText(render(state, size: size)).joined(separator: "\n")
    for launcher in Launcher.allCases { #expect(text.contains(launcher.title)) }
    #expect(dialog(state)?.launcher == .mist)
    #expect(text.contains("-mist"))
    Scenes.press([.up], &state)
    #expect(dialog(state)?.launcher == .torchtitan)
    #expect(dialog(state)?.folder.text.hasSuffix("-torchtitan") == true)
    Scenes.type("x", &state)
    Scenes.press([.up], &state)
    #expect(dialog(state)?.folder.text.hasSuffix("-torchtitanx") == true)
    Scenes.press([.escape], &state)
    #expect(state.dialog == nil)
  }

  @Test("Enter orders the files; a nearest plan, a plan over its memory and files that exist are asked for one by one")
  func asks() throws {
    var state = try opened()
    let first = try #require(order(update(&state, .key(.enter))))
    #expect(!first.takesNearest && !first.allowsOver && !first.overwrite)
    #expect(first.plan == state.shown)
    #expect(update(&state, .key(.enter)).isEmpty, "one order at a time")
    _ = update(&state, .exported(.offer(reasons: ["states unlike"], nearest: ["the nearest: 9 s", "  zero 1 -> 2"])))
    let text = plainText(render(state, size: size)).joined(separator: "\n")
    for part in ["states unlike", "the nearest: 9 s", "zero 1 -> 2", "y / n"] { #expect(text.contains(part)) }
    let second = try #require(order(update(&state, .key(.character("y")))))
    #expect(second.takesNearest && !second.overwrite)
    _ = update(&state, .exported(.exists(path: "a/train.sh")))
    let third = try #require(order(update(&state, .key(.character("y")))))
    #expect(third.takesNearest && third.overwrite)
    _ = update(&state, .exported(.written(folder: "a", files: ["train.sh", "plan.yaml"])))
    #expect(state.dialog == nil)
    #expect(state.message?.text == "wrote train.sh, plan.yaml to a")
  }

  @Test("no is no: nothing is ordered, and the next Enter asks again")
  func refuses() throws {
    var state = try opened()
    _ = update(&state, .key(.enter))
    _ = update(&state, .exported(.over("does not fit")))
    #expect(plainText(render(state, size: size)).joined().contains("does not fit"))
    #expect(update(&state, .key(.character("n"))).isEmpty)
    #expect(dialog(state)?.step == .choosing)
    let again = try #require(order(update(&state, .key(.enter))))
    #expect(!again.allowsOver)
    _ = update(&state, .exported(.over("does not fit")))
    #expect(try #require(order(update(&state, .key(.character("y"))))).allowsOver)
    _ = update(&state, .exported(.failed("a: cannot be written")))
    #expect(dialog(state)?.error == "a: cannot be written")
  }

  @Test("an answer that comes after the dialog was left is told in the line at the bottom, and a folder must be typed")
  func late() throws {
    var state = try opened()
    _ = update(&state, .key(.enter))
    Scenes.press([.escape], &state)
    _ = update(&state, .exported(.written(folder: "a", files: ["train.sh"])))
    #expect(state.dialog == nil && state.message?.text == "wrote train.sh to a")
    state = try opened()
    Scenes.press([.control("u")], &state)
    #expect(update(&state, .key(.enter)).isEmpty)
    #expect(dialog(state)?.error == "type a folder")
  }

  @Test(": runs a command by its name, the one that begins so before the one that only contains it")
  func palette() throws {
    var state = try Scenes.finished(stages: 4, size: size)
    Scenes.type(":export", &state)
    Scenes.press([.enter], &state)
    #expect(dialog(state) != nil)
    state = try Scenes.finished(stages: 4, size: size)
    Scenes.type(":q", &state)
    #expect(update(&state, .key(.enter)).contains { if case .quit = $0 { true } else { false } })
  }
}
