extension Frame {
  /// A frame of ready cells, for this package's own programs and tests.
  ///
  /// - Parameter cells: row-major; missing ones are blank, those beyond the size are dropped.
  package init(size: Size, cells: [Cell]) {
    self.init(size: size)
    for index in 0..<min(cells.count, self.cells.count) {
      self.cells[index] = cells[index]
    }
  }
}
