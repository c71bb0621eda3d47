// swift-tools-version: 6.2
import PackageDescription

// Targets of libFuzzer, built by run.sh with `--sanitize fuzzer`, which brings `main`.
let package = Package(
  name: "fuzzing", dependencies: [.package(name: "metarate", path: "../..")],
  targets: [
    .target(name: "CCoverage", cSettings: [.unsafeFlags(["-fno-sanitize=all"])]),
    .executableTarget(
      name: "fuzz-hdf5",
      dependencies: ["CCoverage", .product(name: "HDF5Files", package: "metarate")]),
    .executableTarget(
      name: "fuzz-safetensors", dependencies: [.product(name: "ArrayFiles", package: "metarate")]),
    .executableTarget(
      name: "fuzz-npz", dependencies: [.product(name: "ArrayFiles", package: "metarate")]),
    .executableTarget(
      name: "fuzz-png", dependencies: [.product(name: "ArrayFiles", package: "metarate")]),
    .executableTarget(
      name: "fuzz-yaml",
      dependencies: [
        .product(name: "Configurations", package: "metarate"),
        .product(name: "Experiments", package: "metarate"),
      ]),
  ])
