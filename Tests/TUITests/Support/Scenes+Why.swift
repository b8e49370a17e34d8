import Engine

@testable import TUI

extension Scenes {
  /// Presses keys, and answers by hand what the Why pane asks meanwhile.
  static func pressExplained(_ keys: [Key], _ state: inout ExplorerState) {
    for key in keys { explained(.key(key), &state) }
  }

  /// Types characters, and answers by hand what the Why pane asks meanwhile.
  static func typeExplained(_ text: String, _ state: inout ExplorerState) {
    pressExplained(text.map { .character($0) }, &state)
  }

  /// Takes an event, and answers by hand what the Why pane asks then.
  static func explained(_ event: Event, _ state: inout ExplorerState) {
    for effect in update(&state, event) {
      switch effect {
      case .why(let question?, let ticket):
        guard let shown = state.shown else { continue }
        let answers: [WhyMessage] = [
          .tree(WhySamples.tree(question.figure, of: shown)),
          .neighbours(WhySamples.neighbours(of: question.cell, in: shown)), .binding(WhySamples.binding(of: shown)),
        ]
        for answer in answers { _ = update(&state, .why(answer, ticket: ticket)) }
      case .marginal(let question?, let ticket):
        guard let shown = state.shown else { continue }
        for step in question.steps {
          let value = WhySamples.value(of: step, for: shown, in: state.workload)
          _ = update(&state, .marginal(.value(value), ticket: ticket))
        }
        _ = update(&state, .marginal(.done, ticket: ticket))
      default: break
      }
    }
  }
}
