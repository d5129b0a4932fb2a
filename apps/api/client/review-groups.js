/** Items of one campaign whose evidence is of one class are decided together; the riskiest group comes first. */
export function groupsOf(items) {
  const groups = new Map()
  for (const item of items) {
    const key = JSON.stringify([item.campaign, item.evidenceClass])
    const group = groups.get(key)
    if (group === undefined)
      groups.set(key, {
        campaign: item.campaign,
        campaignName: item.campaignName,
        evidenceClass: item.evidenceClass,
        recommendation: item.recommendation,
        items: [item],
      })
    else group.items.push(item)
  }
  return [...groups.values()].sort((a, b) => riskOf(b) - riskOf(a))
}

function riskOf({ items }) {
  return Math.max(...items.map(({ risk }) => risk))
}
