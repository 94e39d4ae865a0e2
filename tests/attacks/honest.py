"""Answers that deserve all points, by learners who mean no harm."""

HONEST = {
    "patient_key": "def patient_key(name, ward):\n    return ward + '/' + name.strip().lower()",
    "mean_dose": "def mean_dose(doses):\n    return np.nanmean(doses)",
    "share_of_ones": "def share_of_ones(labels):\n    return np.mean(labels, axis=0)",
    "risk_word": "def risk_word(score, cut):\n    return 'low' if score < cut else 'high'",
}
