// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "outside", dependencies: [.package(name: "metarate", path: "../..")],
  targets: [
    .executableTarget(
      name: "outside",
      dependencies: ["Commands", "Experiments", "MetaLearning", "Settings", "TensorPrograms"].map {
        .product(name: $0, package: "metarate")
      })
  ])
