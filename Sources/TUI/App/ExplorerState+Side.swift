/// Why, Compare and Runs beside the panes that they speak of.
extension ExplorerState {
  /// Opens a side pane, or closes it where it is open; on small screens it takes the keys with it.
  mutating func toggleSide(_ pane: Pane, takesKeys: Bool = false) -> [Effect] {
    if layout.kind == .wide, layout.area(pane) != nil {
      focus = focus == pane ? mainFocus : pane
    } else if side == pane, layout.kind != .single || focus == pane {
      closeSide()
    } else if layout.kind == .single || takesKeys {
      focus = pane
    } else {
      side = pane
    }
    return []
  }

  /// True where the cursor of a pane is drawn: it has the keys, or a side pane with the keys speaks of it.
  func showsCursor(of pane: Pane) -> Bool { focus == pane || focus.isSide && mainFocus == pane }

  /// Closes the side pane and gives the keys back.
  mutating func closeSide() {
    side = nil
    if focus.isSide { focus = mainFocus }
  }

  /// Gives the keys to the next pane in sight, or the one before; where one fills the screen, to any.
  mutating func moveFocus(by steps: Int) {
    let panes = Pane.allCases.filter { layout.kind == .single || layout.area($0) != nil }
    guard let place = panes.firstIndex(of: focus) else { return }
    focus = panes[((place + steps) % panes.count + panes.count) % panes.count]
  }
}
