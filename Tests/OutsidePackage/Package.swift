// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "outside",
  dependencies: [.package(name: "metarate", path: "../..")],
  targets: [
    .executableTarget(
      name: "outside",
      dependencies: [
        .product(name: "MetaLearning", package: "metarate"),
        .product(name: "TensorPrograms", package: "metarate"),
      ])
  ]
)
