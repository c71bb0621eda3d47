// swift-tools-version: 6.2
import PackageDescription

let products = ["Arms", "Commands", "Experiments", "MetaLearning", "Settings", "TensorPrograms"]
let dependencies = products.map { Target.Dependency.product(name: $0, package: "metarate") }

let package = Package(
  name: "outside", dependencies: [.package(name: "metarate", path: "../..")],
  targets: [
    .executableTarget(name: "outside", dependencies: dependencies),
    .executableTarget(name: "more", dependencies: dependencies),
  ])
