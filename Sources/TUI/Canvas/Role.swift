/// What a cell means; themes give each role its colours.
enum Role: String, CaseIterable, Sendable {
  /// Plain text and the background of everything.
  case text
  /// Labels, units, axes.
  case muted
  /// The two lines on top.
  case header
  /// Figures in them.
  case headerStrong = "header-strong"
  /// The frame of a pane.
  case frame
  /// The frame and title of the pane with the keys.
  case focus
  /// The title of another pane.
  case title
  /// The name of a key.
  case key
  /// The row, cell or button under the cursor.
  case selected
  /// What is well.
  case good
  /// What is close to a limit.
  case warning
  /// What is over a limit or went wrong.
  case bad
  /// What has just arrived.
  case news
  /// The plan that is shown.
  case plan
  /// The plan that differences are against.
  case reference
  /// The best time at each memory.
  case frontier
  /// Plans that the search looked at.
  case considered
  /// A dialog.
  case dialog
  /// What matches the typed text.
  case match
  /// Memory: weights.
  case weights
  /// Memory: gradients.
  case gradients
  /// Memory: optimizer states.
  case optimizer
  /// Memory: activations in flight.
  case activations
  /// Memory: what the layer in work needs.
  case transient
  /// Memory: buffers.
  case buffers
  /// Memory: reserved, not allocated.
  case reserve
  /// Memory: outside of the allocator.
  case context
  /// Memory: kept free.
  case headroom
  /// Timeline: forward pass.
  case forward
  /// Timeline: backward pass.
  case backward
  /// Timeline: between stages.
  case transfer
  /// Timeline: data-parallel collectives.
  case collective
  /// Timeline: copies to and from the host.
  case copy
}
