import Engine

extension DialogView {
  /// The kinds of node that the workload can be compared on.
  func drawClusters(_ canvas: inout Canvas, _ body: Rect, _ list: ClusterListState) {
    let inner = frame(&canvas, body, width: 80, height: list.workloads.count + 2, title: "Compare with another cluster")
    let first = RowWindow.first(rows: list.workloads.count, room: inner.height, cursor: list.row)
    canvas.inside(inner) { canvas in
      for (offset, workload) in list.workloads.dropFirst(first).prefix(inner.height).enumerated() {
        let (y, cluster) = (inner.y + offset, workload.cluster)
        let memory = Format.gibibytes(cluster.nodeType.gpu.memoryBytes.value)
        canvas.put(cluster.label, x: inner.x, y: y, .dialog, width: 24)
        canvas.put(Format.right("\(cluster.gpuCount) GPUs", 10), x: inner.x + 24, y: y, .dialog)
        canvas.put(Format.right("\(memory) GiB", 11), x: inner.x + 34, y: y, .dialog)
        canvas.put(cluster.nodeType.gpu.title, x: inner.x + 47, y: y, .dialog, width: inner.width - 47)
        if first + offset == list.row { canvas.select(Rect(x: inner.x, y: y, width: inner.width, height: 1)) }
      }
    }
    drawMarks(&canvas, inner, rows: list.workloads.count, first: first)
  }
}
