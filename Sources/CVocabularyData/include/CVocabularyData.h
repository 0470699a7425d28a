/// The vocabularies of tokenizers, as they lie in `data/`, inside the binary.
///
/// Scripts/vocabulary/build.py makes them and says how they are laid out.
#ifndef CVOCABULARYDATA_H
#define CVOCABULARYDATA_H

#include <stdint.h>

/// `data/cl100k_base.table`. Valid for the life of the process.
const uint8_t *_Nonnull sira_vocabulary_cl100k(void);

/// `data/o200k_base.table`. Valid for the life of the process.
const uint8_t *_Nonnull sira_vocabulary_o200k(void);

#endif
