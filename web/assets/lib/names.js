// Names that are written in one field, as "auto, gpt-5-mini".

/** The names in a text; Chinese keyboards write another comma. @param {string} text @returns {string[]} */
export const namesIn = (text) => text.split(/[,，、]/).map((name) => name.trim()).filter(Boolean);
