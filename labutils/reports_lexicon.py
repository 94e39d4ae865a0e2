"""Words of chest X-ray reports: what names a finding, what denies it, what doubts it.

The lists are ours, written for this course. The fourteen categories are those of CheXpert (Irvin and others, AAAI
2019;33:590-597).
The idea of triggers with a scope is NegEx (Chapman and others, Journal of Biomedical Informatics 2001;34:301-310).
"""

NO_FINDING = "No Finding"
CATEGORIES = (
    NO_FINDING,
    *("Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Lesion", "Lung Opacity", "Edema", "Consolidation"),
    *("Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices"),
)
"""The fourteen categories of CheXpert, in its order. The first is derived from the others, never read from words."""


def _listed(text):
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))


# Words that may stand for a finding. Each is matched as whole words; an ending s or es is allowed.
KEYWORDS = {
    "Enlarged Cardiomediastinum": _listed("""
        widened mediastinum, mediastinal widening, mediastinum is widened, mediastinal enlargement, enlarged
        mediastinum, prominent mediastinum, mediastinum is prominent, mediastinum is enlarged, enlarged
        cardiomediastinal silhouette, cardiomediastinal silhouette is enlarged, mediastinal prominence,
        cardiomediastinal enlargement, prominent mediastinal contour, widening of the mediastinum, mediastinal
        silhouette is enlarged, prominence of the mediastinal, prominence of the superior mediastinum
    """),
    "Cardiomegaly": _listed("""
        cardiomegaly, enlarged heart, heart is enlarged, heart size is enlarged, cardiac enlargement, enlarged
        cardiac silhouette, cardiac silhouette is enlarged, enlargement of the heart, heart enlargement, heart
        is mildly enlarged, heart is moderately enlarged, heart is markedly enlarged, heart size is large, heart
        size is mildly enlarged, cardiac silhouette is mildly enlarged, cardiac enlarged, heart enlarged,
        enlargement of the cardiac silhouette, enlarged cardiac contour, heart remains enlarged, large heart,
        heart size is increased, cardiac silhouette remains enlarged, heart mildly enlarged, cardiac contour is
        enlarged, heart is borderline enlarged, heart size is mildly increased, heart size is borderline
        enlarged, heart is slightly enlarged, heart size mildly enlarged, heart is again enlarged, heart size is
        moderately enlarged
    """),
    "Lung Lesion": _listed("""
        nodule, nodular density, nodular densities, nodular opacity, nodular opacities, nodular opacification,
        mass, masses, lump, tumor, tumour, neoplasm, carcinoma, cavitary lesion, cavitation, granuloma,
        pulmonary lesion, lung lesion, metastasis, metastases, malignancy, nodularity, granulomata, lung cancer,
        granulomatous
    """),
    "Lung Opacity": _listed("""
        opacity, opacities, opacification, opacifications, infiltrate, infiltration, airspace disease, air space
        disease, parenchymal density, interstitial markings, interstitial disease, haziness, haze, reticulation,
        scarring, scar, interstitial prominence, interstitial thickening, infiltrates, air-space disease,
        interstitial lung disease, pulmonary fibrosis, fibrotic change, bronchovascular markings, increased
        density, streaky density, streaky densities, patchy density, patchy densities, shadowing
    """),
    "Edema": _listed("""
        edema, oedema, vascular congestion, congestion, heart failure, fluid overload, volume overload,
        congestive failure, vascular prominence, cephalization, kerley lines, chf, vascular engorgement
    """),
    "Consolidation": _listed("""
        consolidation, consolidative change, consolidated lung, consolidative opacity
    """),
    "Pneumonia": _listed("""
        pneumonia, pneumonic infiltrate, infectious process, infection, bronchopneumonia, pneumonitis
    """),
    "Atelectasis": _listed("""
        atelectasis, atelectases, atelectatic change, collapse, volume loss, atelectatic, loss of volume
    """),
    "Pneumothorax": _listed("""
        pneumothorax, pneumothoraces, hydropneumothorax, free pleural air
    """),
    "Pleural Effusion": _listed("""
        effusion, pleural fluid, hydrothorax, hemothorax, fluid in the pleural space, hydropneumothorax,
        blunting of the costophrenic, costophrenic angle blunting, costophrenic blunting, costophrenic sulcus
        blunting, costophrenic angle is blunted, blunting of the left costophrenic, blunting of the right
        costophrenic, blunted costophrenic, blunting of the bilateral costophrenic, blunting of the lateral,
        blunting left costophrenic, blunting right costophrenic, costophrenic angles are blunted, posterior
        sulcus blunting, blunting of the posterior
    """),
    "Pleural Other": _listed("""
        pleural thickening, pleural plaque, pleural scarring, fibrothorax, pleural calcification, apical
        capping, pleural scar, pleuroparenchymal scarring, calcified pleural, thickening of the pleura,
        pleural-parenchymal scarring
    """),
    "Fracture": _listed("""
        fracture, fractured, compression deformity, compression deformities, broken rib, wedge deformity
    """),
    "Support Devices": _listed("""
        pacemaker, catheter, tube, picc, port-a-cath, central line, venous line, sternotomy wire, icd,
        endotracheal tube, chest tube, drain, defibrillator, pacer, prosthetic valve, median sternotomy, aicd,
        mediport, tracheostomy, stent, support device, valve replacement, pacing lead, chest port, surgical
        clip, hardware, port catheter, generator, sternal wire, valve prosthesis, stimulator, clip, monitoring
        lead
    """),
}

# Phrases that say that a finding is absent without naming it: "the heart size is normal".
_NORMAL = r"(?:with)?in normal limits|(?:grossly |otherwise |also )?(?:normal|unremarkable)|not (?:enlarged|increased)"
_BE = r"(?: and[a-z ,-]{0,60})?(?: (?:is|are|appears?|remains?|appear to be))?"
NORMAL_PHRASES = {
    "Cardiomegaly": rf"\b(?:heart(?: size)?|cardiac (?:silhouette|contours?|size)|cardiomediastinal silhouette){_BE}"
    rf" (?:{_NORMAL})"
    r"|\bnormal (?:heart(?: size)?|cardiac (?:silhouette|size|contours?)|size (?:of the )?heart|cardiomediastinal silhouette)",
    "Enlarged Cardiomediastinum": r"\b(?:cardio)?mediastin(?:um|al (?:silhouette|contours?))"
    rf"{_BE} (?:{_NORMAL}|not widened)|\bnormal (?:cardio)?mediastin(?:um|al (?:silhouette|contours?))"
    r"|\bmediastinum is not widened",
}

# Never a mention: the words stand for something else.
NOT_MEANT = _listed("""
    pericardial effusion, body mass, mass effect, breast mass, pneumonia vaccine, bowel infiltrate, joint
    effusion, soft tissue density, drainage, massive, large volumes
""")

NEGATION_BEFORE = _listed("""
    no evidence of, no evidence for, no sign of, no signs of, no, not, without evidence of, without, denies,
    negative for, free of, clear of, absence of, neither, nor, rules out, excludes, resolution of, no
    radiographic evidence of, never, interval resolution of, interval removal of, removal of, lack of, fails to
    show
""")
NEGATION_AFTER = _listed("""
    is not, are not, was not, were not, not seen, is absent, are absent, has resolved, have resolved, is no
    longer, are no longer, no longer, is excluded, are excluded, has been excluded, is ruled out, not present,
    not identified, have been removed, has been removed, has been ruled out, have cleared, has cleared, not
    visualized, within normal limits, within limits of normal, is within normal limits, are within normal limits
""")
# They look like negations and are none: "no change in the effusion" is an effusion.
PSEUDO_NEGATION = _listed("""
    no change, no significant change, no interval change, without change, not significantly changed, no
    increase, without significant change, not changed, no significant interval change, no substantial change,
    not only, unchanged, no decrease, no improvement, without interval change, no appreciable change, no large
    change, not well seen
""")
UNCERTAIN_BEFORE = _listed("""
    possible, possibly, probable, probably, may, might, could, concerning for, suspicious for, cannot exclude,
    suspicion of, suggestive of, questionable, question of, cannot rule out, can not exclude, not exclude,
    versus, worrisome for, likely, perhaps, not rule out, suspected, concern for, presumed, difficult to
    exclude, suggest, vs, equivocal, suggesting, suggests, cannot entirely exclude, not entirely exclude,
    unlikely, potentially, would be difficult to exclude, differential includes, question, differential
    diagnosis, may represent, may reflect, could represent, potential
""")
UNCERTAIN_AFTER = _listed("""
    cannot be excluded, can not be excluded, cannot be ruled out, is not excluded, are not excluded, is
    possible, not entirely excluded, is suspected, is questioned, is likely, not ruled out, are suspected, is in
    question, not be excluded, may be present, could be present, might be present, is a possibility, is
    unlikely, are possible, is not ruled out, not completely excluded, cannot be entirely excluded, cannot be
    completely excluded, is a concern
""")
ENDS_CLAUSE = _listed("""
    but, however, although, though, except, aside from, other than, apart from, there is, there are, which,
    nevertheless, otherwise, yet, secondary to, with the exception of, there has been, because
""")
PLURALS = ("", "s", "es")
