// Carries data/cl100k_base.table and data/o200k_base.table in the binary, where they are used as they lie.
//
// #embed is C23; clang takes it as an extension in earlier versions, and names the embedded files in the
// dependency file, so changing a data file rebuilds this one.
#include "CVocabularyData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t cl100k[] = {
#embed "data/cl100k_base.table"
};

static const uint8_t o200k[] = {
#embed "data/o200k_base.table"
};

const uint8_t *sira_vocabulary_cl100k(void) { return cl100k; }

const uint8_t *sira_vocabulary_o200k(void) { return o200k; }
