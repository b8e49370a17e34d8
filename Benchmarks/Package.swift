// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "brume-benchmarks",
  dependencies: [.package(name: "brume", path: "..")],
  targets: [
    .executableTarget(
      name: "EngineBenchmarks", dependencies: [.product(name: "Engine", package: "brume")],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny")])
  ],
  swiftLanguageModes: [.v6]
)
