Attribute VB_Name = "AliadoRibbon"
Option Explicit

' The callbacks of the buttons stand at the end of this module, written when the workbook is built.

Private Sub RunAction(ByVal Name As String)
    Dim Window As String
    #If Mac Then
        Window = "0"
    #Else
        Window = CStr(Application.Hwnd)
    #End If
    Application.StatusBar = "Aliado..."
    RunPython "from aliado.excel import ribbon; ribbon.run('" & Name & "', " & Window & ", '" & AsOf() & "')"
    Application.StatusBar = False
End Sub

Private Function AsOf() As String
    ' The date in the box counts for the day on which it was typed; later the box is blank again, which means today.
    If GetSetting("Aliado", "Ribbon", "TypedOn") = Format$(Date, "yyyy-mm-dd") Then AsOf = GetSetting("Aliado", "Ribbon", "AsOf")
End Function

Public Sub AliadoAsOfShown(control As IRibbonControl, ByRef returnedVal)
    If AsOf() <> "" Then returnedVal = Format$(DateSerial(Left$(AsOf(), 4), Mid$(AsOf(), 6, 2), Right$(AsOf(), 2)), "Short Date")
End Sub

Public Sub AliadoAsOfTyped(control As IRibbonControl, text As String)
    If Trim$(text) = "" Then
        SaveSetting "Aliado", "Ribbon", "AsOf", ""
    ElseIf IsDate(text) Then
        SaveSetting "Aliado", "Ribbon", "AsOf", Format$(CDate(text), "yyyy-mm-dd")
        SaveSetting "Aliado", "Ribbon", "TypedOn", Format$(Date, "yyyy-mm-dd")
    Else
        MsgBox "No es una fecha / Not a date: " & text, vbExclamation, "Aliado"
    End If
End Sub

'@buttons
