/// A single value that describes a group or a dataset.
///
/// Strings are stored with a fixed length and as UTF-8, so that they lie in the object's
/// checksummed header; h5py gives such a string as bytes. Two real numbers are equal when their
/// bits are.
public enum HDF5Attribute: Sendable, Equatable {
  case string(String)
  case integer(Int64)
  case double(Double)

  /// Equal bit for bit, so that what is not a number equals itself.
  public static func == (left: HDF5Attribute, right: HDF5Attribute) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.integer(let left), .integer(let right)): left == right
    case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
    case (.string, _), (.integer, _), (.double, _): false
    }
  }

  /// The string, if it is one.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The integer, if it is one.
  public var integerValue: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The real number, if it is one.
  public var doubleValue: Double? {
    if case .double(let value) = self { value } else { nil }
  }

  /// Names that belong to HDF5's dimension scales and to netCDF: never written as attributes of the
  /// user's, never returned as such.
  static let reservedNames: Set<String> = [
    "CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "DIMENSION_LABELS", "_Netcdf4Dimid",
    "_Netcdf4Coordinates", "_nc3_strict", "_NCProperties",
  ]

  /// The longest string that an object's header holds in one message, with room to spare.
  static let longestString = 60_000
}
