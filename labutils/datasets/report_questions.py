"""How the questions on made-up reports are put, in two styles."""

# What is asked. {name} is a name of the finding, not always the one that the report uses.
NAMES = {
    "Lung Lesion": ("nodule", "lesion", "mass"),
    "Lung Opacity": ("opacity", "shadow"),
    "Consolidation": ("consolidation",),
    "Pneumonia": ("pneumonia",),
    "Atelectasis": ("atelectasis", "volume loss"),
    "Pneumothorax": ("pneumothorax",),
    "Pleural Effusion": ("effusion", "pleural effusion", "pleural fluid"),
    "Pleural Other": ("pleural thickening",),
    "Fracture": ("fracture",),
    "Cardiomegaly": ("cardiomegaly", "enlargement of the heart"),
    "Edema": ("edema",),
    "Enlarged Cardiomediastinum": ("mediastinal widening",),
}
QUESTIONS = {
    "where": {
        "A": (
            *(
                "Where is the {name}?",
                "What is the location of the {name}?",
                "Where was the {name} seen?",
                "Where is {name} found?",
            ),
            *(
                "In which place is the {name}?",
                "Which region has the {name}?",
                "Tell me where the {name} is.",
                "{name}: where?",
            ),
            *(
                "Where does the report place the {name}?",
                "Location of the {name}?",
                "On which side or in which lobe is the {name}?",
            ),
        ),
        "B": (
            *(
                "The {name} is located where?",
                "Which part of the chest shows the {name}?",
                "Can you tell me where the {name} sits?",
            ),
            "Where did the radiologist see the {name}?",
        ),
    },
    "size": {
        "A": (
            *(
                "How large is the {name}?",
                "What is the size of the {name}?",
                "How is the {name} described?",
                "Size of the {name}?",
            ),
            *(
                "How severe is the {name}?",
                "How big is the {name}?",
                "What kind of {name} is it?",
                "Tell me how large the {name} is.",
            ),
            *("How much {name} is there?", "{name}: how large?", "What does the {name} look like?"),
        ),
        "B": (
            *(
                "To what degree is the {name} present?",
                "Which word describes the {name}?",
                "The {name} is of what size?",
            ),
            "How marked is the {name}?",
        ),
    },
    "reason": {
        "A": (
            *(
                "Why was the film taken?",
                "What is the indication?",
                "What is the reason for the exam?",
                "Why this film?",
            ),
            *(
                "What was the reason for the film?",
                "Tell me why the film was taken.",
                "Indication?",
                "Why was the exam done?",
            ),
        ),
        "B": (
            "For what reason did the patient get this film?",
            "What made the doctor order the exam?",
            "Why did they take it?",
        ),
    },
    "earlier": {
        "A": (
            *(
                "What was the film compared with?",
                "Which earlier film was used for comparison?",
                "What is the comparison?",
            ),
            *(
                "Which film is it compared to?",
                "Comparison?",
                "Is there an older film to compare with?",
                "Compared with what?",
            ),
        ),
        "B": ("Against which film was this one compared?", "Is there an earlier film for comparison, and which?"),
    },
    "tip": {
        "A": (
            *("Where is the tip of the {name}?", "Where does the {name} end?", "Position of the tip of the {name}?"),
            *(
                "In which place is the tip of the {name}?",
                "Where does the tip of the {name} lie?",
                "Tell me where the {name} ends.",
            ),
        ),
        "B": ("What is the position of the tip of the {name}?", "The {name} ends where?"),
    },
}
