export default {
  "shared.by": "Shared by {name}; the link is good until {at}.",
  "shared.operator": "who runs this gateway", "shared.gone": "This link is not good", "shared.gone.why": "It has expired, was taken back, or is not whole. Ask whoever sent it for a new one.",
};
