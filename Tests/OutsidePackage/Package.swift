// swift-tools-version: 6.2
import PackageDescription

let products = [
  "ArrayFiles", "Arms", "Checkpoints", "Commands", "Configurations", "Experiments", "Files",
  "HDF5Files", "MetaLearning", "Settings", "TensorPrograms",
]
let dependencies = products.map { Target.Dependency.product(name: $0, package: "metarate") }

let package = Package(
  name: "outside", dependencies: [.package(name: "metarate", path: "../..")],
  targets: [
    .executableTarget(name: "outside", dependencies: dependencies),
    .executableTarget(name: "more", dependencies: dependencies),
    // The documentation's samples, which Tests/checks/documentation.sh compares with it.
    .executableTarget(name: "samples", dependencies: dependencies),
  ])
