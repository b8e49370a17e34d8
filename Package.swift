// swift-tools-version: 6.2
import PackageDescription

// Continuous integration builds with BRUME_STRICT=1: warnings of these targets (not of dependencies) are errors.
let strict = Context.environment["BRUME_STRICT"] == "1"
let swiftSettings: [SwiftSetting] =
  [.enableUpcomingFeature("ExistentialAny")] + (strict ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]

let package = Package(
  name: "brume",
  products: [
    .library(name: "Engine", targets: ["Engine"]),
    .library(name: "TUI", targets: ["TUI"]),
    .executable(name: "brume", targets: ["brume"]),
    // Preloaded by tests: a disk that is slow, or full.
    .library(name: "TestDisk", type: .dynamic, targets: ["CDisk"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    .target(name: "CGLPK", cSettings: cSettings, linkerSettings: [.linkedLibrary("glpk")]),
    .target(
      name: "CTerm", cSettings: cSettings,
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CShipped"),
    .target(name: "CStart", cSettings: cSettings),
    .target(
      name: "Engine",
      dependencies: ["CGLPK", "CShipped", .product(name: "Yams", package: "Yams")],
      swiftSettings: swiftSettings),
    .target(name: "TUI", dependencies: ["Engine", "CTerm", "CShipped"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "brume",
      dependencies: ["Engine", "TUI", "CStart", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "FuzzSupport"],
      exclude: ["Calibration/Overlap", "Detect/Machines"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TUITests", dependencies: ["TUI", "Engine", "FuzzSupport"], exclude: ["Golden"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "CommandTests", dependencies: ["brume", "Engine", "FuzzSupport"], swiftSettings: swiftSettings),
    // Random inputs for readers; no product holds it.
    .target(name: "FuzzSupport", dependencies: ["Engine"], path: "Tests/FuzzSupport", swiftSettings: swiftSettings),
    // Programs and helpers of the terminal's tests.
    .target(name: "CDisk", path: "Tests/CDisk", cSettings: cSettings, linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CPTY", path: "Tests/CPTY", cSettings: cSettings),
    .target(name: "PTYSupport", dependencies: ["CPTY"], path: "Tests/PTYSupport", swiftSettings: swiftSettings),
    .executableTarget(
      name: "term-probe", dependencies: ["TUI"], path: "Tests/TermProbe", swiftSettings: swiftSettings),
    .executableTarget(
      name: "term-benchmark", dependencies: ["PTYSupport"], path: "Tests/TermBenchmark",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TerminalTests",
      dependencies: ["PTYSupport", "CPTY", "CDisk", "Engine", "TUI", "CTerm", "FuzzSupport", "term-probe", "brume"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
