// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
  name: "metarate",
  products: [
    .library(name: "Settings", targets: ["Settings"]),
    .library(name: "TensorPrograms", targets: ["TensorPrograms"]),
    .library(name: "MetaLearning", targets: ["MetaLearning"]),
    .library(name: "Files", targets: ["Files"]),
    .library(name: "ArrayFiles", targets: ["ArrayFiles"]),
    .library(name: "HDF5Files", targets: ["HDF5Files"]),
    .library(name: "Checkpoints", targets: ["Checkpoints"]),
    .library(name: "Arms", targets: ["Arms"]),
    .library(name: "Configurations", targets: ["Configurations"]),
    .library(name: "Experiments", targets: ["Experiments"]),
    .library(name: "Commands", targets: ["Commands"]),
    .executable(name: "metarate", targets: ["metarate"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // For readers' `swift package generate-documentation`: nothing is built with it.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    // OpenBLAS: matrix products, triangular systems and LAPACK's Cholesky factors, always called
    // single-threaded.
    // Confined to TensorPrograms/Execution.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // HDF5 1.10, the C library.
    // Confined to HDF5Files.
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    // zlib: decompression.
    // Confined to ArrayFiles/Compression.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // libcrypto, for SHA-256.
    // Confined to Checkpoints.
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // C leaf loops built for several CPUs and chosen when the program is loaded.
    // No allocation, no state: arrays in, arrays out.
    .target(name: "CKernels"),
    // The 1797 UCI digits, the golden cases and the Python of notebooks and exports, embedded so that the
    // binary can be moved.
    // Confined to Configurations/Tasks.
    .target(
      name: "CEmbeddedData", exclude: ["digits.h5", "exports", "notebooks", "oracles"]),
    // Settings, each declared once: reading, canonical text, lists and starting files follow.
    // Knows neither YAML nor what is set.
    .target(name: "Settings", swiftSettings: strict),
    // Differentiable programs over tensors: trace, transform, plan, execute.
    // Knows nothing of learning.
    .target(
      name: "TensorPrograms", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: strict),
    // Models, optimizers, learned rates, hypergradients and the outer loop, over arrays only.
    // Reads and writes no file.
    .target(
      name: "MetaLearning", dependencies: ["Settings", "TensorPrograms"], swiftSettings: strict),
    // Whole regular files in, whole files out, whenever the process is killed; system calls.
    // Knows bytes alone.
    .target(name: "Files", swiftSettings: strict),
    // Arrays in the formats that others exchange: safetensors, NumPy's, IDX, CSV.
    // Bytes in, arrays out, and back; the only importer of CZlib.
    .target(name: "ArrayFiles", dependencies: ["CZlib", "Files"], swiftSettings: strict),
    // HDF5 files as Swift values: trees of groups, datasets and attributes.
    // The only importer of CHDF5.
    .target(name: "HDF5Files", dependencies: ["CHDF5", "Files"], swiftSettings: strict),
    // Checkpoints and trajectories that survive a kill at any instant.
    // State in, files out, and back.
    .target(
      name: "Checkpoints", dependencies: ["HDF5Files", "MetaLearning", "CCrypto"],
      swiftSettings: strict),
    // Statistics, tables and figures.
    // Knows numbers and names, and nothing of what they are.
    .target(name: "Reports", dependencies: ["Files"], swiftSettings: strict),
    // Ways to choose rates, tuned and learned, which ablations compare.
    // Knows problems; no configuration and no file.
    .target(name: "Arms", dependencies: ["MetaLearning", "Reports"], swiftSettings: strict),
    // What a file can say: configurations, their YAML and their reference page, tables as tasks.
    // Knows no run, no folder and no checkpoint; the only importer of Yams.
    .target(
      name: "Configurations",
      dependencies: [
        "Arms", "ArrayFiles", "CEmbeddedData", "Files", "HDF5Files",
        .product(name: "Yams", package: "Yams"),
      ], swiftSettings: strict),
    // Runs, ablations, verification, benchmarks: what a researcher does in a day.
    // Brings configurations and checkpoints together, and puts the standard laboratory together.
    .target(
      name: "Experiments", dependencies: ["Checkpoints", "Configurations"], swiftSettings: strict),
    // The subcommands, a file each, over a laboratory of kinds.
    // Parses arguments, prints results, sets exit codes.
    .target(
      name: "Commands",
      dependencies: [
        "Experiments", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    // The command over the project's own kinds.
    .executableTarget(name: "metarate", dependencies: ["Commands"], swiftSettings: strict),
    .testTarget(name: "SettingsTests", dependencies: ["Settings"], swiftSettings: strict),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels"], swiftSettings: strict),
    .testTarget(
      name: "TensorProgramsTests", dependencies: ["TensorPrograms"], swiftSettings: strict),
    .testTarget(
      name: "MetaLearningTests", dependencies: ["MetaLearning", "Settings"],
      swiftSettings: strict),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ArrayFilesTests", dependencies: ["ArrayFiles", "Files", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "HDF5FilesTests", dependencies: ["HDF5Files"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["Checkpoints", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "ReportsTests", dependencies: ["Reports"], swiftSettings: strict),
    .testTarget(name: "ArmsTests", dependencies: ["Arms"], swiftSettings: strict),
    // Texts are read with the standard laboratory.
    .testTarget(
      name: "ConfigurationsTests", dependencies: ["ArrayFiles", "Configurations", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments", "TestSupport"],
      swiftSettings: strict),
    // What tests of several targets share.
    .target(
      name: "TestSupport", dependencies: ["Experiments"], path: "Tests/TestSupport",
      swiftSettings: strict),
  ]
)
