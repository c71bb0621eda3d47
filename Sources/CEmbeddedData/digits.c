#include "CEmbeddedData.h"

// The compiler knows the directive in C17 too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char digits[] = {
#embed "digits.h5"
};

metarate_embedded_file metarate_digits(void) {
  return (metarate_embedded_file){"digits", digits, sizeof digits};
}
