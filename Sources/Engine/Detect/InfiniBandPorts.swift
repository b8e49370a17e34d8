/// Ports of network adapters with RDMA: InfiniBand, RoCE, EFA.
struct InfiniBandPorts: Sendable, Equatable {
  /// One port.
  struct Port: Sendable, Equatable {
    /// Its adapter: `mlx5_0`.
    var adapter: String
    /// One direction, B/s; nil where it was not told.
    var bytesPerSecond: Double?
    /// The link is up; true where nothing else was told.
    var isActive = true
    /// The link layer is Ethernet.
    var isEthernet = false
    /// The link layer is InfiniBand.
    var isInfiniBand = false
  }

  /// The ports by adapter and number, in their order.
  var ports: [Port]

  /// Ports of files of `/sys/class/infiniband` (`PATH:VALUE`, as `grep` prints them), else of `ibstat`, else of
  /// `ibv_devinfo -v`. Complexity: O(length).
  init(_ output: SavedOutput) {
    let forms = [Self.system(output.lines), Self.ibstat(output.lines), Self.devinfo(output.lines)]
    ports = forms.first { $0.contains { $0.bytesPerSecond != nil } } ?? []
  }

  /// The ports that training uses: up, of the fabric's layer, and near a GPU where `near` says which are.
  ///
  /// Where there is InfiniBand (or EFA), Ethernet ports are for other things. On DGX machines the adapters for storage
  /// hang off the CPU, those for training off the GPUs' switches.
  func fabric(near: Set<String>) -> [Port] {
    let active = ports.filter { $0.isActive && ($0.bytesPerSecond ?? 0) > 0 }
    let other = active.filter { !$0.isEthernet }
    let layer = other.isEmpty ? active : other
    let close = layer.filter { near.contains($0.adapter) }
    return close.isEmpty ? layer : close
  }

  private static func system(_ lines: [String]) -> [Port] {
    var found: [Port] = []
    var places: [String: Int] = [:]
    for line in lines where line.hasPrefix("/sys/class/infiniband/") {
      guard let (path, value) = line.keyAndValue else { continue }
      let parts = path.split(separator: "/").map(String.init)
      guard parts.count == 7, parts[4] == "ports" else { continue }
      let key = "\(parts[3])/\(parts[5])"
      let index = places[key] ?? found.count
      if index == found.count {
        places[key] = index
        found.append(Port(adapter: parts[3]))
      }
      switch parts[6] {
      // "200 Gb/sec (4X HDR)"
      case "rate": found[index].bytesPerSecond = gigabits(value)
      // "4: ACTIVE"
      case "state": found[index].isActive = value.hasSuffix("ACTIVE")
      case "link_layer": found[index].take(layer: value)
      default: break
      }
    }
    return found
  }

  private static func ibstat(_ lines: [String]) -> [Port] {
    var ports: [Port] = []
    var adapter = ""
    for line in lines {
      if line.hasPrefix("CA '") {
        adapter = String(line.dropFirst(4).prefix { $0 != "'" })
        continue
      }
      guard !adapter.isEmpty, let (key, value) = line.keyAndValue else { continue }
      if key.hasPrefix("Port "), key.dropFirst(5).leadingCount != nil {
        ports.append(Port(adapter: adapter, isActive: false))
      }
      guard let last = ports.indices.last, ports[last].adapter == adapter else { continue }
      switch key {
      case "State": ports[last].isActive = value == "Active"
      case "Rate": ports[last].bytesPerSecond = gigabits(value)
      case "Link layer": ports[last].take(layer: value)
      default: break
      }
    }
    return ports
  }

  private static func devinfo(_ lines: [String]) -> [Port] {
    var ports: [Port] = []
    var adapter = ""
    var width = 1.0
    for line in lines {
      guard let (key, value) = line.keyAndValue else { continue }
      if key == "hca_id" { adapter = value }
      if key == "port", !adapter.isEmpty { ports.append(Port(adapter: adapter, isActive: false)) }
      guard let last = ports.indices.last, ports[last].adapter == adapter else { continue }
      switch key {
      case "state": ports[last].isActive = value.hasPrefix("PORT_ACTIVE")
      case "link_layer": ports[last].take(layer: value)
      // "4X (2)", then "50.0 Gbps (64)" a lane.
      case "active_width": width = value.leadingNumber ?? 1
      case "active_speed": ports[last].bytesPerSecond = gigabits(value).map { $0 * width }
      default: break
      }
    }
    return ports
  }

  /// B/s of a number of Gb/s; nil for none, or for what no port has.
  private static func gigabits(_ text: String) -> Double? {
    guard let number = text.leadingNumber, (0.1...10_000).contains(number) else { return nil }
    return number * 1.25e8
  }
}

extension InfiniBandPorts.Port {
  /// Takes what is said of the link layer; EFA calls its own unspecified.
  fileprivate mutating func take(layer: String) {
    isEthernet = layer == "Ethernet"
    isInfiniBand = layer == "InfiniBand"
  }
}
