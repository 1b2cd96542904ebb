from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0006_promises_consultations'),
    ]

    operations = [
        migrations.RenameField(model_name='consultation', old_name='honest', new_name='self_check'),
    ]
