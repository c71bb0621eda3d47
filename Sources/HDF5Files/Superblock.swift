/// The first bytes of an HDF5 file of format 2 or 3, and the checksum that ends them.
package enum Superblock {
  /// The checksum's offset: it covers every byte before it.
  package static let checksumOffset = 44

  /// The version of the format of a file that starts with HDF5's signature, nil of any other.
  ///
  /// Version 3 is what `HDF5Image.encode` writes: all its metadata carry checksums.
  package static func version(of bytes: [UInt8]) -> UInt8? {
    bytes.starts(with: [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10]) && bytes.count > 8 ? bytes[8] : nil
  }

  /// Gives an image the checksum that its superblock should have.
  ///
  /// `H5Fget_file_image` clears the flags that say the file is open for writing, without updating
  /// the checksum over them (HDF5 1.10): no library would open the image as it comes.
  static func correctChecksum(of image: inout [UInt8]) {
    guard image.count >= checksumOffset + 4 else { return }
    let sum = checksum(of: image[..<checksumOffset])
    for byte in 0..<4 {
      image[checksumOffset + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * byte))
    }
  }

  /// Bob Jenkins's lookup3 hash of bytes, from 0: HDF5's metadata checksum.
  ///
  /// Source: B. Jenkins, "lookup3.c, for hash table lookup", 2006 (public domain), `hashlittle`.
  package static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    var a: UInt32 = 0xdead_beef &+ UInt32(truncatingIfNeeded: bytes.count)
    var b = a
    var c = a
    guard !bytes.isEmpty else { return c }

    func word(_ index: Int) -> UInt32 {
      (0..<4).reduce(0) { word, byte in
        let position = bytes.startIndex + 4 * index + byte
        return position < bytes.endIndex ? word | UInt32(bytes[position]) << UInt32(8 * byte) : word
      }
    }
    func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 {
      value << count | value >> (32 - count)
    }

    // The last block, full or not, is mixed in another way than those before it.
    let blocks = (bytes.count + 11) / 12
    for block in 0..<blocks {
      a &+= word(3 * block)
      b &+= word(3 * block + 1)
      c &+= word(3 * block + 2)
      guard block < blocks - 1 else { break }
      a = (a &- c) ^ rotated(c, 4)
      c &+= b
      b = (b &- a) ^ rotated(a, 6)
      a &+= c
      c = (c &- b) ^ rotated(b, 8)
      b &+= a
      a = (a &- c) ^ rotated(c, 16)
      c &+= b
      b = (b &- a) ^ rotated(a, 19)
      a &+= c
      c = (c &- b) ^ rotated(b, 4)
      b &+= a
    }
    c = (c ^ b) &- rotated(b, 14)
    a = (a ^ c) &- rotated(c, 11)
    b = (b ^ a) &- rotated(a, 25)
    c = (c ^ b) &- rotated(b, 16)
    a = (a ^ c) &- rotated(c, 4)
    b = (b ^ a) &- rotated(a, 14)
    c = (c ^ b) &- rotated(b, 24)
    return c
  }
}
