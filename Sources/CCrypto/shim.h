#ifndef METARATE_CCRYPTO_SHIM_H
#define METARATE_CCRYPTO_SHIM_H
#include <openssl/evp.h>
#endif
