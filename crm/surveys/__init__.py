"""问卷 (R31–R33): written in versions, asked by link, telephone or in person, answered once, looked through by question, topic and host."""
